using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>Creates every connection to Aegis' own database on SQL Server, not yet open, with the host's sign-in.</summary>
public static class SqlServerConnections
{
    public static SqlConnection Create(DatabaseOptions database) => SignIn(new SqlConnection(database.ConnectionString), database);

    internal static SqlConnection SignIn(SqlConnection connection, DatabaseOptions database)
    {
        if (database.Entra is { } entra) connection.AccessTokenCallback = entra.Callback;
        return connection;
    }
}

/// <summary>Adds the host's sign-in to the connections that Entity Framework creates.</summary>
internal sealed class SignInConnections(DatabaseOptions database) : DbConnectionInterceptor
{
    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result) =>
        result is SqlConnection connection ? SqlServerConnections.SignIn(connection, database) : result;
}

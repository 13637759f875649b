using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Persistence;

public enum DatabaseKind { Sqlite, SqlServer }

/// <summary>The database that this host uses.</summary>
/// <param name="Provider">Sqlite, unless a SQL Server connection string is configured.</param>
/// <param name="ConnectionString">Complete connection string.</param>
/// <param name="DataDirectory">Absolute path of the folder for everything that Aegis stores in files.</param>
public sealed record DatabaseOptions(DatabaseKind Provider, string ConnectionString, string DataDirectory)
{
    /// <summary>The Entra ID sign-in of the connection string; null for any other sign-in.</summary>
    internal EntraSignIn? Entra { get; private init; }

    public string SqliteFile => Path.Combine(DataDirectory, "aegis.db");

    /// <summary>Reads <c>Database:Provider</c>, <c>ConnectionStrings:Aegis</c> and <c>DataDirectory</c>.</summary>
    public static DatabaseOptions From(IConfiguration configuration, string dataDirectory)
    {
        var connection = configuration.GetConnectionString("Aegis");
        var provider = configuration["Database:Provider"]?.ToUpperInvariant() switch
        {
            null or "" => string.IsNullOrEmpty(connection) ? DatabaseKind.Sqlite : DatabaseKind.SqlServer,
            "SQLITE" => DatabaseKind.Sqlite,
            "SQLSERVER" => DatabaseKind.SqlServer,
            _ => throw new StartRefusedException("Database:Provider must be 'Sqlite' or 'SqlServer'."),
        };
        if (provider is DatabaseKind.SqlServer && string.IsNullOrEmpty(connection))
            throw new StartRefusedException("Set ConnectionStrings:Aegis to the SQL Server connection string.");

        var options = new DatabaseOptions(provider, connection ?? "", Path.GetFullPath(dataDirectory));
        if (provider is DatabaseKind.SqlServer) return Complete(options);
        return string.IsNullOrEmpty(connection)
            ? options with { ConnectionString = $"Data Source={options.SqliteFile};Default Timeout=30" }
            : options;
    }

    /// <summary>
    /// Fills in defaults. By default, the client's pool repeats a failed login's error for up to a minute, even when the server is back.
    /// Unless the operator chose that, each attempt is a real one.
    /// </summary>
    private static DatabaseOptions Complete(DatabaseOptions options)
    {
        try
        {
            var builder = new SqlConnectionStringBuilder(options.ConnectionString);
            if (!builder.ShouldSerialize("Pool Blocking Period")) builder.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock;
            if (!builder.ShouldSerialize("Application Name")) builder.ApplicationName = "Aegis";
            var entra = EntraSignIn.From(builder);
            return options with { ConnectionString = builder.ConnectionString, Entra = entra };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new StartRefusedException("ConnectionStrings:Aegis is not a valid SQL Server connection string.");
        }
    }
}

using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Persistence;

public enum DatabaseProvider { Sqlite, SqlServer }

/// <summary>Which database this host works on.</summary>
/// <param name="Provider">Sqlite unless a SQL Server connection string is configured.</param>
/// <param name="ConnectionString">Complete connection string.</param>
/// <param name="DataDirectory">Absolute folder of everything Aegis stores in files.</param>
public sealed record DatabaseOptions(DatabaseProvider Provider, string ConnectionString, string DataDirectory)
{
    public string SqliteFile => Path.Combine(DataDirectory, "aegis.db");

    /// <summary>Reads <c>Database:Provider</c>, <c>ConnectionStrings:Aegis</c> and <c>DataDirectory</c>.</summary>
    public static DatabaseOptions From(IConfiguration configuration, string dataDirectory)
    {
        var connection = configuration.GetConnectionString("Aegis");
        var provider = configuration["Database:Provider"]?.ToUpperInvariant() switch
        {
            null or "" => string.IsNullOrEmpty(connection) ? DatabaseProvider.Sqlite : DatabaseProvider.SqlServer,
            "SQLITE" => DatabaseProvider.Sqlite,
            "SQLSERVER" => DatabaseProvider.SqlServer,
            _ => throw new StartRefusedException("Database:Provider must be 'Sqlite' or 'SqlServer'."),
        };
        if (provider is DatabaseProvider.SqlServer && string.IsNullOrEmpty(connection))
            throw new StartRefusedException("Set ConnectionStrings:Aegis to the SQL Server connection string.");

        var options = new DatabaseOptions(provider, connection ?? "", Path.GetFullPath(dataDirectory));
        return provider is DatabaseProvider.Sqlite && string.IsNullOrEmpty(connection)
            ? options with { ConnectionString = $"Data Source={options.SqliteFile};Default Timeout=30" }
            : options;
    }
}

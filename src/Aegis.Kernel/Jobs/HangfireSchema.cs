using Hangfire.SqlServer;
using Microsoft.Data.SqlClient;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// Hangfire's tables in the schema <c>hangfire</c> of the host's SQL Server database. They are created together with Aegis' tables, never
/// by Hangfire at startup.
/// </summary>
internal static class HangfireSchema
{
    /// <summary>SQL that creates or updates the tables. It can run more than once.</summary>
    public static string Script() => SqlServerObjectsInstaller.GetInstallScript(JobStore.Schema, enableHeavyMigrations: true);

    public static async Task Install(DatabaseOptions database, CancellationToken ct)
    {
        await using var connection = SqlServerConnections.Create(database);
        await connection.OpenAsync(ct);
        SqlServerObjectsInstaller.Install(connection, JobStore.Schema, enableHeavyMigrations: true);
    }

    /// <summary>True when the tables are missing or older than this release needs.</summary>
    public static async Task<bool> IsBehind(DatabaseOptions database, CancellationToken ct)
    {
        await using var connection = SqlServerConnections.Create(database);
        await connection.OpenAsync(ct);
        if (await Number(connection, $"SELECT COUNT(*) FROM sys.tables WHERE object_id = OBJECT_ID('[{JobStore.Schema}].[Schema]')",
            ct) == 0) return true;
        return await Number(connection, $"SELECT COALESCE(MAX([Version]), 0) FROM [{JobStore.Schema}].[Schema]",
            ct) < SqlServerObjectsInstaller.LatestSchemaVersion;
    }

    private static async Task<int> Number(SqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture);
    }
}

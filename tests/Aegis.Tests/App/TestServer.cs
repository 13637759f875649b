using System.Collections.Concurrent;
using System.Globalization;
using Aegis.Kernel.Identifiers;
using Microsoft.Data.SqlClient;

namespace Aegis.Tests.App;

/// <summary>
/// The SQL Server for the tests, when <c>AEGIS_TEST_SQLSERVER</c> contains a connection string with the right to create databases. Every
/// database has a random name and is dropped by its creator or when this process ends. The next run deletes the databases of a killed one.
/// </summary>
internal static class TestServer
{
    private const string Prefix = "aegis_test";
    private const int MaxAttempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(12);
    private static readonly ConcurrentDictionary<string, byte> Made = new();
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static bool swept;

    /// <summary>Connection string of the server; null means that the tests run on SQLite.</summary>
    public static string? ConnectionString { get; } =
        Environment.GetEnvironmentVariable("AEGIS_TEST_SQLSERVER") is { Length: > 0 } given ? given : null;

    /// <summary>Why a SQL Server test is skipped, or null.</summary>
    public static string? Missing => ConnectionString is null ? "needs AEGIS_TEST_SQLSERVER" : null;

    /// <summary>Creates an empty database as docs/operations.md describes, and returns its connection string.</summary>
    public static async Task<string> CreateDatabase()
    {
        await OneAtATime.WaitAsync();
        try
        {
            await using var connection = await Connect();
            if (!swept) await Sweep(connection);
            swept = true;
            var name = Ids.New(Prefix, TimeProvider.System.GetUtcNow());
            if (Made.IsEmpty) AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAll();
            Made.TryAdd(name, 0);
            for (var attempt = 1; attempt < MaxAttempts && !await IsThere(connection, name); attempt++)
            {
                if (attempt > 1) await Task.Delay(Pause); // another run is creating one at this moment
                await Run(connection, $"CREATE DATABASE [{name}]", ignoreFailure: attempt < MaxAttempts - 1);
            }

            // an open-source TDS server may not know this statement
            await Run(connection, $"ALTER DATABASE [{name}] SET READ_COMMITTED_SNAPSHOT ON", ignoreFailure: true);
            return new SqlConnectionStringBuilder(ConnectionString) { InitialCatalog = name }.ConnectionString;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public static async Task DropDatabase(string connectionString)
    {
        var name = new SqlConnectionStringBuilder(connectionString).InitialCatalog;
        if (!Made.TryRemove(name, out _)) return;
        SqlConnection.ClearAllPools();
        await OneAtATime.WaitAsync();
        try
        {
            await using var connection = await Connect();
            await Drop(connection, name);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static async Task<SqlConnection> Connect()
    {
        var connection = new SqlConnection(
            new SqlConnectionStringBuilder(ConnectionString) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task Sweep(SqlConnection connection)
    {
        var before = (TimeProvider.System.GetUtcNow() - Abandoned).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        var old = await Column(connection, $"SELECT name FROM sys.databases WHERE name LIKE '{Prefix}%' AND create_date < '{before}'");
        foreach (var name in old) await Drop(connection, name);
    }

    private static async Task Drop(SqlConnection connection, string name)
    {
        // Ends open sessions, for example of a killed host whose connections the server has not noticed yet.
        foreach (var session in await Column(
            connection, $"SELECT session_id FROM sys.dm_exec_sessions WHERE database_id = DB_ID('{name}')"))
            await Run(connection, $"KILL {session}", ignoreFailure: true);
        for (var attempt = 1; attempt < MaxAttempts && await IsThere(connection, name); attempt++)
        {
            await Run(connection, $"DROP DATABASE IF EXISTS [{name}]", ignoreFailure: true); // sessions take a moment to end
            if (attempt > 1) await Task.Delay(Pause);
        }

        if (await IsThere(connection, name)) await Run(connection, $"DROP DATABASE [{name}]");
    }

    private static async Task<bool> IsThere(SqlConnection connection, string name) =>
        (await Column(connection, $"SELECT name FROM sys.databases WHERE name = '{name}'")).Count > 0;

    private static void DropAll()
    {
        SqlConnection.ClearAllPools();
        using var connection = Connect().GetAwaiter().GetResult();
        foreach (var name in Made.Keys) Drop(connection, name).GetAwaiter().GetResult();
    }

    private static async Task<List<string>> Column(SqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync()) found.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return found;
    }

    private static async Task Run(SqlConnection connection, string sql, bool ignoreFailure = false)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (SqlException) when (ignoreFailure)
        {
            // The caller says why.
        }
    }
}

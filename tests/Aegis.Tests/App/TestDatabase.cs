using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.App;

/// <summary>
/// A database for one test: a SQLite file in its folder or, when <c>AEGIS_TEST_SQLSERVER</c> is set, a separate database there.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string folder;

    private TestDatabase(string folder, string? sqlServer)
    {
        this.folder = folder;
        ConnectionString = sqlServer ?? $"Data Source={Path.Combine(folder, "aegis.db")};Default Timeout=30";
    }

    public static bool IsSqlServer => TestServer.ConnectionString is not null;

    public string ConnectionString { get; }

    /// <summary>The settings for the host: none for SQLite, which is the default.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
        IsSqlServer ? [("Database:Provider", "SqlServer"), ("ConnectionStrings:Aegis", ConnectionString)] : [];

    public DatabaseOptions Options => new(IsSqlServer ? DatabaseKind.SqlServer : DatabaseKind.Sqlite, ConnectionString, folder);

    public static async Task<TestDatabase> Create(string folder) => new(folder, IsSqlServer ? await TestServer.CreateDatabase() : null);

    /// <summary>Opens a connection directly, not through the product.</summary>
    public async Task<DbConnection> Connect()
    {
        DbConnection connection = IsSqlServer ? new SqlConnection(ConnectionString) : new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>
    /// Name of a module's table, for example <c>transfers</c> of <c>studies</c>. The kernel's tables have no prefix on SQLite.
    /// </summary>
    public static string Table(string module, string table) =>
        IsSqlServer ? $"[{module}].[{table}]" : module == "kernel" ? table : $"{module}_{table}";

    /// <summary>Runs a statement directly, not through the product.</summary>
    public async Task Run(string sql)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns the first column of a query as text; each byte of binary data is one character.</summary>
    public async Task<List<string>> Column(string sql)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetValue(0) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : reader.GetValue(0).ToString()!);
        return found;
    }

    /// <summary>Renames the table of pending audit entries, so that none can be written.</summary>
    public Task HidePending() =>
        Run(IsSqlServer ? "EXEC sp_rename 'kernel.audit_pending', 'hidden', 'OBJECT'" : "ALTER TABLE audit_pending RENAME TO hidden");

    public Task ShowPending() =>
        Run(IsSqlServer ? "EXEC sp_rename 'kernel.hidden', 'audit_pending', 'OBJECT'" : "ALTER TABLE hidden RENAME TO audit_pending");

    /// <summary>
    /// Returns all stored data as text with one character per byte: every byte of the SQLite file and its log. On SQL Server, whose files
    /// the tests cannot read, every value of every table, with text as UTF-8.
    /// </summary>
    public async Task<string> Bytes() =>
        IsSqlServer ? await Values() : string.Concat(Directory.EnumerateFiles(folder, "aegis.db*").Where(IsData).Select(Latin1));

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (IsSqlServer) await TestServer.DropDatabase(ConnectionString);
    }

    private static bool IsData(string file) => !file.EndsWith("-shm", StringComparison.Ordinal);

    private static string Latin1(string file)
    {
        using var reader =
            new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private async Task<string> Values()
    {
        var text = new StringBuilder();
        var tables = await Column(
            "SELECT '[' + TABLE_SCHEMA + '].[' + TABLE_NAME + ']' FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'");
        await using var connection = await Connect();
        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    var value = reader.GetValue(column);
                    text.Append(Encoding.Latin1.GetString(value as byte[] ?? Encoding.UTF8.GetBytes(value.ToString()!))).Append('\n');
                }
            }
        }

        return text.ToString();
    }
}

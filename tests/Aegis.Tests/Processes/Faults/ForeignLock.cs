using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Another program that holds the database's write lock, like a backup script or a person with sqlite3.</summary>
internal sealed class ForeignLock : IAsyncDisposable
{
    private readonly SqliteConnection connection;

    private ForeignLock(SqliteConnection connection) => this.connection = connection;

    public static async Task<IAsyncDisposable> Take(string dataDirectory)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "aegis.db")};Pooling=False;Default Timeout=60");
        await connection.OpenAsync();
        await Run(connection, "PRAGMA busy_timeout=60000; BEGIN IMMEDIATE");
        return new ForeignLock(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await Run(connection, "ROLLBACK");
        await connection.DisposeAsync();
    }

    private static async Task Run(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the two statements above
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}

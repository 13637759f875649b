using Aegis.Kernel.Persistence.Sqlite;
using Aegis.Kernel.Persistence.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Audit.Persistence;

/// <summary>Raw connections and table names for group commit and sequencing, which write thousands of rows per second.</summary>
internal sealed class BulkDatabase(DatabaseOptions database, WriteGate gate, ConnectionRetries repeats)
{
    // Callers wait for these writes. A database that is locked for longer than this counts as unavailable.
    private const int LockWaitSeconds = 5;

    private bool IsSqlite => database.Provider is DatabaseKind.Sqlite;

    public string Pending => IsSqlite ? "audit_pending" : "[kernel].[audit_pending]";

    public string Entries => IsSqlite ? "audit_entries" : "[audit].[entries]";

    public string Owners => IsSqlite ? "audit_entry_owners" : "[audit].[entry_owners]";

    public string Head => IsSqlite ? "audit_head" : "[audit].[head]";

    public string Tiles => IsSqlite ? "audit_tiles" : "[audit].[tiles]";

    /// <summary>A SELECT that is limited to a number of rows, in the dialect of this database.</summary>
    public string SelectFirst(int rows, string columns, string rest) =>
        IsSqlite ? $"SELECT {columns} {rest} LIMIT {rows}" : $"SELECT TOP ({rows}) {columns} {rest}";

    public async Task<DbConnection> Open(CancellationToken ct)
    {
        DbConnection connection = IsSqlite
            ? new SqliteConnection(new SqliteConnectionStringBuilder(database.ConnectionString)
            {
                Pooling = false, // its owner keeps the connection open until the host stops
                DefaultTimeout = LockWaitSeconds,
            }.ToString())
            : SqlServerConnections.Create(database);
        try
        {
            await repeats.Run(async token => await connection.OpenAsync(token), ct);
            if (connection is SqliteConnection sqlite)
            {
                Pragmas.Set(sqlite);
                await connection.Run($"PRAGMA busy_timeout={LockWaitSeconds * 1000}", null, ct);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs the steps before a commit, and repeats them on a new connection if the old one broke. The caller commits, once.
    /// </summary>
    public ValueTask<T> UpToCommit<T>(Func<Task<T>> prepare, CancellationToken ct) => repeats.Run(async _ => await prepare(), ct);

    /// <summary>Waits for the turn to write on SQLite. SQL Server needs none.</summary>
    public async ValueTask<IDisposable?> WriteTurn(bool isUrgent, CancellationToken ct) => IsSqlite ? await gate.Enter(isUrgent, ct) : null;
}

/// <summary>Single statements on a raw connection.</summary>
internal static class Statements
{
    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public static async Task<int> Run(
        this DbConnection connection, string sql, DbTransaction? transaction, CancellationToken ct,
        params (string Name, object Value)[] values)
    {
        await using var command = connection.Statement(sql, transaction, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static DbCommand Statement(
        this DbConnection connection, string sql, DbTransaction? transaction, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence.Sqlite;

/// <summary>
/// Configures each SQLite connection to survive a power cut (<c>synchronous=FULL</c>) and to overwrite deleted data
/// (<c>secure_delete=ON</c>: destroyed keys must not stay readable in the file).
/// </summary>
public sealed class Pragmas : DbConnectionInterceptor
{
    private const string Statements =
        "PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;";

    private static readonly ConditionalWeakTable<SQLitePCL.sqlite3, object> Prepared = [];

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set((SqliteConnection)connection);

    /// <summary>Sets the pragmas once per native connection. Pooled connections keep them.</summary>
    public static void Set(SqliteConnection connection)
    {
        if (connection.Handle is not { } handle || Prepared.TryGetValue(handle, out _)) return;
        using var command = connection.CreateCommand();
        command.CommandText = Statements;
        command.ExecuteNonQuery();
        Prepared.AddOrUpdate(handle, Statements);
    }
}

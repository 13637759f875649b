using Aegis.Kernel.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace Aegis.Studies.Destruction;

/// <summary>Erases the key and deletes the bytes, after the key was removed from its row.</summary>
internal sealed class Shredder(StudiesDb db, DatabaseOptions database, WriteGate gate, ContentFolder folder, TimeProvider clock)
{
    private const int Attempts = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50); // readers keep the log busy for milliseconds

    /// <summary>
    /// Writes the log of the SQLite file back and truncates it, so that no page in it still contains a removed key. <c>secure_delete</c>
    /// has overwritten the key in the database file. False when readers kept the log busy on every attempt.
    /// </summary>
    public async Task<bool> EraseKeys(CancellationToken ct)
    {
        if (database.Provider is not DatabaseKind.Sqlite) return true; // destroying the day key makes logs and backups unreadable

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0) await Task.Delay(Pause, clock, ct);
            using (await gate.Enter(isUrgent: false, ct))
            {
                if (await Checkpoint(ct)) return true;
            }
        }

        return false;
    }

    /// <summary>Records that the key is erased and deletes the bytes.</summary>
    public async Task DeleteBytes(string id, CancellationToken ct)
    {
        var file = await db.ChangeWithRetry(async () => // a cut stream may be storing its last bytes right now
        {
            var transfer = await db.Transfers.FirstAsync(t => t.Id == id, ct);
            if (transfer.Status is not TransferStatus.Destroying) return null;
            transfer.EraseKey(clock.GetUtcNow());
            return transfer.Study.FileName;
        }, ct);
        if (file is null) return;

        folder.Delete(file);
        db.ChangeTracker.Clear();
    }

    /// <summary>Uses a separate connection without a busy timeout: waiting inside SQLite would keep the write gate closed.</summary>
    private async Task<bool> Checkpoint(CancellationToken ct)
    {
        var connectionString = new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false };
        await using var connection = new SqliteConnection(connectionString.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && row.GetInt64(0) == 0; // first column: 1 when the checkpoint was blocked
    }
}

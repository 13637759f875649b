using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Audit.Sequencing;

/// <summary>The right to write the log, valid until another host takes over the head.</summary>
/// <param name="Epoch">Increases with each takeover.</param>
/// <param name="Next">Number of entries in the log when the lease was taken.</param>
/// <param name="Hashed">How many of them were in the tree.</param>
internal sealed record LogLease(long Epoch, long Next, long Hashed);

/// <summary>
/// Takes over the head of the log for this host. Progress is the heartbeat: if the head does not move while entries wait, its host counts
/// as dead. Clocks of two hosts are never compared. A wrong guess is harmless because every write checks the head.
/// </summary>
internal sealed class LeaseTaking(BulkDatabase database, string host, TimeProvider clock)
{
    /// <summary>How long the head may stay unchanged. Together with the poll interval this is below the promised five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The same for a host that only has a checkpoint left to sign. It may have a reason not to sign, which the next host would share.
    /// </summary>
    public static readonly TimeSpan PatienceForCheckpoints = TimeSpan.FromSeconds(30);

    private (long Epoch, long Next, long Hashed, long Since)? seen;

    /// <summary>Returns the lease; null if another host has it.</summary>
    public async Task<LogLease?> Try(DbConnection connection, bool entriesWait, CancellationToken ct)
    {
        var (holder, epoch, next, hashed, signed) = await Read(connection, ct);
        if (!entriesWait && hashed == next && signed == next)
        {
            seen = null;
            return null;
        }

        var patience = entriesWait || hashed < next ? Patience : PatienceForCheckpoints;
        if (holder != LogHead.NoHolder && holder != host && !IsUnchanged(epoch, next, hashed, patience)) return null;

        using var turn = await database.WriteTurn(isUrgent: false, ct);
        var taken = await connection.Run(
            $"UPDATE {database.Head} SET Holder = @host, Epoch = Epoch + 1 WHERE Id = @id AND Epoch = @epoch AND Next = @next",
            null, ct, ("@host", host), ("@id", LogHead.OnlyId), ("@epoch", epoch), ("@next", next));
        seen = null;
        return taken == 1 ? new LogLease(epoch + 1, next, hashed) : null;
    }

    /// <summary>Releases the lease so that another host can take it at once.</summary>
    public async Task Release(DbConnection connection, LogLease lease, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        await connection.Run(
            $"UPDATE {database.Head} SET Holder = @none WHERE Id = @id AND Epoch = @epoch",
            null, ct, ("@none", LogHead.NoHolder), ("@id", LogHead.OnlyId), ("@epoch", lease.Epoch));
    }

    private bool IsUnchanged(long epoch, long next, long hashed, TimeSpan patience)
    {
        if (seen is { } before && (before.Epoch, before.Next, before.Hashed) == (epoch, next, hashed))
            return clock.GetElapsedTime(before.Since) >= patience;
        seen = (epoch, next, hashed, clock.GetTimestamp());
        return false;
    }

    private async Task<(string Holder, long Epoch, long Next, long Hashed, long Signed)> Read(DbConnection connection, CancellationToken ct)
    {
        while (true)
        {
            await using (var command = connection.Statement(
                $"SELECT Holder, Epoch, Next, Hashed, CheckpointSize FROM {database.Head} WHERE Id = @id", null, ("@id", LogHead.OnlyId)))
            await using (var reader = await command.ExecuteReaderAsync(ct))
            {
                if (await reader.ReadAsync(ct))
                    return (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
            }

            await Begin(connection, ct);
        }
    }

    /// <summary>Creates the head of an empty log. If several hosts try, one succeeds and all use its row.</summary>
    private async Task Begin(DbConnection connection, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        try
        {
            await connection.Run(
                $"INSERT INTO {database.Head} (Id, Holder, Epoch, Next, Hashed, Expired, CheckpointSize) VALUES (@id, @none, 0, 0, "
                    + "0, 0, 0)",
                null, ct, ("@id", LogHead.OnlyId), ("@none", LogHead.NoHolder));
        }
        catch (DbException e) when (e is SqliteException { SqliteExtendedErrorCode: 1555 } or SqlException { Number: 2627 })
        {
            // Another host was first; its row is read next.
        }
    }
}

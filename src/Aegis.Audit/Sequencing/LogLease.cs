using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Audit.Sequencing;

/// <summary>The right to write the log, as long as nobody else moves the head.</summary>
/// <param name="Epoch">Counts who had it.</param>
/// <param name="Next">Entries of the log when it was taken.</param>
/// <param name="Hashed">How many of them the tree had.</param>
internal sealed record LogLease(long Epoch, long Next, long Hashed);

/// <summary>
/// Takes the head of the log over for this host. Progress is the heartbeat: a head that does not move while entries wait belongs to a
/// dead host. No clocks of two hosts are compared, and a wrong guess harms nothing, because every write is fenced by the head.
/// </summary>
internal sealed class LeaseTaking(BulkDatabase database, string host, TimeProvider clock)
{
    /// <summary>How long the head may stand still. Together with the poll it is below the promised five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Patience with a host that only owes a checkpoint: it may have a reason not to sign, and then the next one has it too.
    /// </summary>
    public static readonly TimeSpan PatienceForCheckpoints = TimeSpan.FromSeconds(30);

    private (long Epoch, long Next, long Hashed, long Since)? seen;

    /// <summary>The lease, or null while another host holds it.</summary>
    public async Task<LogLease?> Try(DbConnection connection, bool entriesWait, CancellationToken ct)
    {
        var (holder, epoch, next, hashed, signed) = await Read(connection, ct);
        if (!entriesWait && hashed == next && signed == next)
        {
            seen = null;
            return null;
        }

        var patience = entriesWait || hashed < next ? Patience : PatienceForCheckpoints;
        if (holder != LogHead.Nobody && holder != host && !StoodStill(epoch, next, hashed, patience)) return null;

        using var turn = await database.WriteTurn(isUrgent: false, ct);
        var taken = await connection.Run(
            $"UPDATE {database.Head} SET Holder = @host, Epoch = Epoch + 1 WHERE Id = @id AND Epoch = @epoch AND Next = @next",
            null, ct, ("@host", host), ("@id", LogHead.OnlyId), ("@epoch", epoch), ("@next", next));
        seen = null;
        return taken == 1 ? new LogLease(epoch + 1, next, hashed) : null;
    }

    /// <summary>Gives the lease back, so that another host need not wait for it.</summary>
    public async Task Release(DbConnection connection, LogLease lease, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        await connection.Run(
            $"UPDATE {database.Head} SET Holder = @nobody WHERE Id = @id AND Epoch = @epoch",
            null, ct, ("@nobody", LogHead.Nobody), ("@id", LogHead.OnlyId), ("@epoch", lease.Epoch));
    }

    private bool StoodStill(long epoch, long next, long hashed, TimeSpan patience)
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

    /// <summary>Makes the head of an empty log. Of several hosts that try, one succeeds and all go on with its row.</summary>
    private async Task Begin(DbConnection connection, CancellationToken ct)
    {
        using var turn = await database.WriteTurn(isUrgent: false, ct);
        try
        {
            await connection.Run(
                $"INSERT INTO {database.Head} (Id, Holder, Epoch, Next, Hashed, Expired, CheckpointSize) VALUES (@id, @nobody, 0, 0, "
                    + "0, 0, 0)",
                null, ct, ("@id", LogHead.OnlyId), ("@nobody", LogHead.Nobody));
        }
        catch (DbException e) when (e is SqliteException { SqliteExtendedErrorCode: 1555 } or SqlException { Number: 2627 })
        {
            // Another host was first; its row is read next.
        }
    }
}

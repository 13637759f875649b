using Aegis.Kernel.Events;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Aegis.Audit.Sequencing;

/// <summary>
/// Appends each durable entry to the log and its tree, in order and without gaps. Calls and the relay store entries as pending rows; the
/// sequencer reads them in batches, and <see cref="LogWriter"/> and <see cref="TreeWriter"/> write them. One of several hosts does this:
/// <see cref="LeaseTaking"/> takes over the <see cref="LogHead"/> if the other host makes no progress. After each batch the notary may sign
/// a checkpoint. <see cref="CatchUp"/> lets readers wait for entries that were just committed. If the host dies, the pending rows are
/// sequenced by the next host. If a write fails, the connection is opened again and the state is read from the database.
/// </summary>
internal sealed class Sequencer(BulkDatabase database, CommitSignals signals, Notary notary, TimeProvider clock, ILogger<Sequencer> log)
    : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);  // finds the commits of other hosts
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(25); // collects several commits in one batch, unless a reader waits

    private readonly LeaseTaking taking = new(database, Ids.New("host", clock.GetUtcNow()), clock);
    private readonly Signal wanted = new();
    private readonly Lock guard = new();
    private Task? finishing;
    private DbConnection? connection;
    private TreeWriter? trees;
    private LogWriter? writer;
    private LogLease? lease;
    private TreeEdge tree = TreeEdge.Empty;

    /// <summary>Sequences now, without waiting for more entries.</summary>
    public void Hurry() => wanted.Raise();

    /// <summary>Sequences the next batch; true if more entries may wait.</summary>
    internal async Task<bool> Advance(CancellationToken ct)
    {
        connection ??= await database.Open(ct);
        trees ??= new TreeWriter(database, connection);
        writer ??= new LogWriter(database, connection, trees, log);
        var batch = await ReadPending(connection, ct);
        if (lease is null && !await Begin(connection, trees, batch.Count > 0, ct)) return false;

        if (tree.Size < lease!.Next)
        {
            return Continue(await trees.HashOlder(tree, lease, ct));
        }

        if (batch.Count > 0)
        {
            if (!Continue(await writer.Append(batch, lease, tree, ct))) return false;
            lease = lease with { Next = tree.Size, Hashed = tree.Size };
        }

        if (!await notary.Publish(connection, lease, tree, atOnce: false, ct)) return Continue(null);
        return batch.Count == Batch;
    }

    private async Task<bool> Begin(DbConnection open, TreeWriter stored, bool entriesWait, CancellationToken ct)
    {
        if (await taking.Try(open, entriesWait, ct) is not { } taken) return false;
        tree = await stored.Load(taken.Hashed, ct);
        lease = taken;
        notary.Begin();
        Log.LeaseTaken(log, lease.Next, lease.Epoch);
        if (tree.Size < lease.Next) Log.TreeBehind(log, lease.Next - tree.Size);
        return true;
    }

    /// <summary>Continues with the written tree. Without one, another host has taken over, and the lease is lost.</summary>
    private bool Continue(TreeEdge? grown)
    {
        if (grown is not null)
        {
            tree = grown;
            return true;
        }

        Log.LeaseLost(log, lease!.Next, lease.Epoch);
        lease = null;
        return false;
    }

    /// <summary>
    /// Sequences the remaining entries, then releases the lease. This happens once, although a host may be stopped twice at the same time,
    /// and it is skipped while the loop is still running after the time limit: the connection allows only one user at a time.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { IsCompleted: false }) return;
        Task ended;
        lock (guard) ended = finishing ??= Task.Run(() => Finish(cancellationToken), CancellationToken.None);
        await ended;
    }

    private async Task Finish(CancellationToken cancellationToken)
    {
        try
        {
            while (await Advance(cancellationToken))
            {
            }

            if (lease is not null)
            {
                await notary.Publish(connection!, lease, tree, atOnce: true, cancellationToken);
                await taking.Release(connection!, lease, cancellationToken);
            }
        }
        catch (Exception e)
        {
            Log.SequencerFailed(log, e.GetType().Name, e); // the rest is sequenced after the next start or by another host
        }

        await Disconnect();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (committed, hurry) = (signals.Next<AuditPendingRow>(), wanted.Next());
            try
            {
                if (await Advance(stoppingToken)) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.SequencerFailed(log, e.GetType().Name, e);
                await Recover(e, stoppingToken);
                await Pause(Poll, hurry, stoppingToken);
                continue;
            }

            await Pause(PollDelay(), lease is null ? hurry : Task.WhenAny(committed, hurry), stoppingToken);
            await Pause(Gather, hurry, stoppingToken);
        }
    }

    /// <summary>Time until other hosts may have committed, or a checkpoint is due.</summary>
    private TimeSpan PollDelay() => lease is not null && notary.Wait(tree.Size) is { } wait && wait < Poll ? wait : Poll;

    private async Task Pause(TimeSpan max, Task wake, CancellationToken ct)
    {
        if (!wake.IsCompleted) await Task.WhenAny(wake, Task.Delay(max, clock, ct));
    }

    private async Task<List<PendingEntry>> ReadPending(DbConnection open, CancellationToken ct)
    {
        await using var command = open.Statement(
            database.SelectFirst(Batch, "Id, At, Body", $"FROM {database.Pending} ORDER BY Id"), null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<PendingEntry>();
        while (await reader.ReadAsync(ct))
            found.Add(new PendingEntry(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));

        // Ids have a resolution of one millisecond. The time is finer, and puts an event before the call that caused it.
        return [.. found.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)];
    }

    /// <summary>After a failure the state of the last batch is unknown, so everything is read from the database again.</summary>
    private async Task Recover(Exception failure, CancellationToken ct)
    {
        try
        {
            if (writer is not null && failure is SqliteException { SqliteErrorCode: 19 } or SqlException { Number: 2601 or 2627 })
                await writer!.DeleteDuplicates(ct);
        }
        catch (DbException e)
        {
            Log.SequencerFailed(log, e.GetType().Name, e);
        }

        await Disconnect();
    }

    private async Task Disconnect()
    {
        lease = null;
        var (oldWriter, oldConnection) = (writer, connection);
        (writer, trees, connection) = (null, null, null);
        try
        {
            if (oldWriter is not null) await oldWriter.DisposeAsync();
            if (oldConnection is not null) await oldConnection.DisposeAsync();
        }
        catch (DbException e)
        {
            // SQLite may already have rolled back the transaction that the provider rolls back here.
            Log.SequencerFailed(log, e.GetType().Name, e);
        }
    }
}

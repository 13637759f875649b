using Aegis.Kernel.Events;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Aegis.Audit.Sequencing;

/// <summary>
/// Gives each durable entry its place in the log and its tree, in order and without gaps. Of several hosts one does it
/// (<see cref="LeaseTaking"/>).
/// </summary>
internal sealed class Sequencer(BulkDatabase database, CommitSignals signals, Notary notary, TimeProvider clock, ILogger<Sequencer> log)
    : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);  // for the commits of other hosts
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(25); // several commits share one batch, unless a reader waits

    private readonly LeaseTaking taking = new(database, Ids.New("host", clock.GetUtcNow()), clock);
    private readonly Signal wanted = new();
    private readonly Lock guard = new();
    private Task? finishing;
    private DbConnection? connection;
    private TreeWriter? trees;
    private LogWriter? writer;
    private LogLease? lease;
    private TreeEdge tree = TreeEdge.Empty;

    /// <summary>Sequences without waiting for more.</summary>
    public void Hurry() => wanted.Raise();

    /// <summary>Sequences the next batch; true when more may wait.</summary>
    internal async Task<bool> Advance(CancellationToken ct)
    {
        connection ??= await database.Open(ct);
        trees ??= new TreeWriter(database, connection);
        writer ??= new LogWriter(database, connection, trees, log);
        var batch = await ReadPending(connection, ct);
        if (lease is null && !await Begin(connection, trees, batch.Count > 0, ct)) return false;

        if (tree.Size < lease!.Next)
        {
            return Holds(await trees.HashOlder(tree, lease, ct));
        }

        if (batch.Count > 0)
        {
            if (!Holds(await writer.Append(batch, lease, tree, ct))) return false;
            lease = lease with { Next = tree.Size, Hashed = tree.Size };
        }

        if (!await notary.Publish(connection, lease, tree, atOnce: false, ct)) return Holds(null);
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

    /// <summary>Goes on with the tree as it was written; there is none when another host has moved the head.</summary>
    private bool Holds(TreeEdge? grown)
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
    /// Sequences what is left, then lets go of the lease, once: a host may be told to stop twice at the same time, and one whose time is up
    /// still works. The connection bears one at a time.
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
            Log.SequencerFailed(log, e.GetType().Name, e); // what is left waits for the next start or another host
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

    /// <summary>Until others may have committed, or a checkpoint is due.</summary>
    private TimeSpan PollDelay() => lease is not null && notary.Wait(tree.Size) is { } wait && wait < Poll ? wait : Poll;

    private async Task Pause(TimeSpan longest, Task unless, CancellationToken ct)
    {
        if (!unless.IsCompleted) await Task.WhenAny(unless, Task.Delay(longest, clock, ct));
    }

    private async Task<List<PendingEntry>> ReadPending(DbConnection open, CancellationToken ct)
    {
        await using var command = open.Statement(
            database.SelectFirst(Batch, "Id, At, Body", $"FROM {database.Pending} ORDER BY Id"), null);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<PendingEntry>();
        while (await reader.ReadAsync(ct))
            found.Add(new PendingEntry(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));

        // Ids are ordered by the millisecond; the time itself is finer and puts an event before the call that made it.
        return [.. found.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)];
    }

    /// <summary>After a failure nothing is known about the last batch: start again from what the database says.</summary>
    private async Task Recover(Exception failure, CancellationToken ct)
    {
        try
        {
            if (writer is not null && failure is SqliteException { SqliteErrorCode: 19 } or SqlException { Number: 2601 or 2627 })
                await writer!.DropRepeats(ct);
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
            // SQLite may have rolled back by itself what the provider then wants to roll back.
            Log.SequencerFailed(log, e.GetType().Name, e);
        }
    }
}

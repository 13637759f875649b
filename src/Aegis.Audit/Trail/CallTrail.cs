using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using Aegis.Audit.Persistence;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Audit.Trail;

/// <summary>
/// Makes entries durable, all that wait in one transaction: while one batch is on its way to the disk the next one gathers,
/// so thousands of calls a second share a few hundred flushes. A batch that fails refuses its callers; the next one starts afresh.
/// </summary>
internal sealed class CallTrail(BulkDatabase database, CommitSignals signals, ILogger<CallTrail> log) : IHostedService, IAuditTrail
{
    private const int Capacity = 20_000; // more callers than this at once are refused instead of kept in memory
    private const int MaxBatch = 2_000;  // bounds how long the batch holds the database
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10); // a disk that hangs longer is unavailable

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private DbConnection? connection;
    private RowStatement? insert;
    private Task gathering = Task.CompletedTask;

    public async Task Write(AuditFact fact, CancellationToken ct)
    {
        var waiting = new Waiting(fact);
        if (!queue.Writer.TryWrite(waiting)) throw Unavailable();
        try
        {
            await waiting.Written.Task.WaitAsync(LongestWait, ct);
        }
        catch (TimeoutException)
        {
            throw Unavailable();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        gathering = Task.Run(Gather, CancellationToken.None); // no token: also a stop right after the start writes what waits
        return Task.CompletedTask;
    }

    /// <summary>Accepts nothing more, writes what still waits, then ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await gathering.WaitAsync(cancellationToken);
    }

    private async Task Gather()
    {
        var batch = new List<Waiting>();
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            await Settle(batch);
            batch.Clear();
        }

        await Disconnect();
    }

    private async Task Settle(List<Waiting> batch)
    {
        try
        {
            await Commit(batch);
        }
        catch (Exception e)
        {
            Log.TrailFailed(log, batch.Count, e.GetType().Name, e);
            await Disconnect();
            foreach (var waiting in batch) waiting.Written.TrySetException(Unavailable());
            return;
        }

        foreach (var waiting in batch) waiting.Written.TrySetResult();
        signals.Raise(typeof(AuditPendingRow));
    }

    private async Task Commit(List<Waiting> batch)
    {
        connection ??= await database.Open(CancellationToken.None);
        using var turn = await database.WriteTurn(isUrgent: true, CancellationToken.None);
        var rows = batch.ConvertAll(w => w.Row);
        await using var transaction = await database.UpToCommit(() => Insert(rows), CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task<DbTransaction> Insert(List<object?[]> rows)
    {
        if (connection is not { State: ConnectionState.Open }) await Disconnect();
        connection ??= await database.Open(CancellationToken.None);
        insert ??= RowStatement.Insert(
            connection, database.Pending,
            new Column("Id", DbType.String, Ids.MaxLength), new Column("At", DbType.Int64), new Column("Body", DbType.Binary, -1));
        var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        try
        {
            await insert.Run(rows, transaction, CancellationToken.None);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private async Task Disconnect()
    {
        var (oldInsert, oldConnection) = (insert, connection);
        (insert, connection) = (null, null);
        try
        {
            if (oldInsert is not null) await oldInsert.DisposeAsync();
            if (oldConnection is not null) await oldConnection.DisposeAsync();
        }
        catch (DbException e)
        {
            // A database that failed may fail at this too; the next batch opens a connection of its own, so it must get its turn.
            Log.TrailFailed(log, 0, e.GetType().Name, e);
        }
    }

    private static RefusedException Unavailable() => Refuse.Unavailable(
        "audit_unavailable", "The audit trail cannot be written, so the call is not answered. Repeat it with the same Idempotency-Key.");

    private sealed class Waiting(AuditFact fact)
    {
        public object?[] Row { get; } = [fact.Id, fact.At.UtcTicks, fact.ToBytes()];

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

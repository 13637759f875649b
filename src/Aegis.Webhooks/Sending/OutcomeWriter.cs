using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Hosting;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Records what came of attempts, many in one transaction, which share one flush. What was delivered goes at once; what failed, for which
/// nobody waits, is gathered and takes a quarter of the time at most, so that endpoints that fail, however many, hold up nobody at the
/// database. What cannot be recorded is kept and tried again; a delivery is not sent again by this host before its outcome stands.
/// </summary>
// Not a GroupCommit: that refuses the callers of a failed batch and is done with it. Outcomes are kept and tried again one by one, and a
// batch is made of two queues, one of which rests after each; hooks for that would be longer than what the two would share.
internal sealed class OutcomeWriter(IServiceScopeFactory scopes, TimeProvider clock, ILogger<OutcomeWriter> log) : BackgroundService
{
    private const int MaxBatch = 100; // bounds how long a batch holds the database: 500 held up people by a tenth of a second
    private const int MaxFailed = 50; // of a batch
    private const int RestForFailed = 3; // times as long as their batch took
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<Waiting> delivered = new();
    private readonly Queue<Waiting> failed = new();
    private Task rest = Task.CompletedTask;
    private Task<bool>? arrival;

    /// <summary>Returns when the outcome is durable.</summary>
    public Task Record(Outcome outcome)
    {
        var waiting = new Waiting(outcome);
        return queue.Writer.TryWrite(waiting) ? waiting.Written.Task : Task.CompletedTask; // the host ends: another one sends it again
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>();
        while (await Gather(batch))
        {
            var begun = clock.GetTimestamp();
            while (!await TryWrite(batch) && !stoppingToken.IsCancellationRequested) await Task.Delay(Pause, clock, CancellationToken.None);
            if (batch.Exists(w => !w.Outcome.IsSuccess)) PauseFor(clock.GetElapsedTime(begun) * RestForFailed);
            batch.Clear();
        }
    }

    /// <summary>Waits for what is to be recorded next; false when there is nothing left and the host ends.</summary>
    private async Task<bool> Gather(List<Waiting> batch)
    {
        while (true)
        {
            while (queue.Reader.TryRead(out var waiting)) (waiting.Outcome.IsSuccess ? delivered : failed).Enqueue(waiting);
            while (batch.Count < MaxBatch && delivered.TryDequeue(out var waiting)) batch.Add(waiting);
            var max = rest.IsCompleted ? Math.Min(MaxBatch, batch.Count + MaxFailed) : 0;
            while (batch.Count < max && failed.TryDequeue(out var waiting)) batch.Add(waiting);
            if (batch.Count > 0) return true;

            arrival ??= queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            if (failed.Count > 0) await Task.WhenAny(arrival, rest);
            else await arrival;
            if (!arrival.IsCompleted) continue;
            var isOver = !await arrival;
            arrival = null;
            if (isOver && failed.Count == 0) return false;
            if (isOver) rest = Task.CompletedTask;
        }
    }

    private void PauseFor(TimeSpan time) =>
        rest = queue.Reader.Completion.IsCompleted ? Task.CompletedTask : Task.Delay(time < MinPause ? MinPause : time, clock);

    /// <summary>True when all is recorded or put aside: an outcome that cannot be recorded comes back alone, behind the others.</summary>
    private async Task<bool> TryWrite(List<Waiting> batch)
    {
        try
        {
            await Write(batch.ConvertAll(w => w.Outcome));
            foreach (var waiting in batch) waiting.Written.TrySetResult();
            return true;
        }
        catch (Exception e)
        {
            Log.OutcomesNotRecorded(log, batch.Count, e.GetType().Name, e);
            if (e.IsUnavailable()) return false;
        }

        if (batch.Count == 1) PutAside(batch[0]);
        else foreach (var waiting in batch) if (!await TryWrite([waiting])) return false;
        return true;
    }

    private async void PutAside(Waiting waiting)
    {
        await Task.Delay(Pause, clock, CancellationToken.None);
        queue.Writer.TryWrite(waiting);
    }

    private async Task Write(List<Outcome> outcomes)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await using var statements = new OutcomeStatements(db, transaction.GetDbTransaction());
        foreach (var outcome in outcomes)
        {
            if (await statements.Settle(outcome)) await statements.Note(outcome);
        }

        foreach (var endpoint in outcomes.OrderBy(o => o.At).GroupBy(o => o.EndpointId, StringComparer.Ordinal))
        {
            if (endpoint.LastOrDefault(o => o.IsSuccess) is { } success) await statements.Answers(success);
            if (!endpoint.Last().IsSuccess) await statements.Fails(endpoint.Last());
        }

        await transaction.CommitAsync();
    }

    private sealed class Waiting(Outcome outcome)
    {
        public Outcome Outcome => outcome;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

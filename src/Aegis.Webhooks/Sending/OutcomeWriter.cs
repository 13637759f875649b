using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Hosting;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Stores outcomes in batches, each in one transaction with one flush to disk. Successes are stored at once. Failures are collected,
/// because nobody waits for them, and take at most a quarter of the time, so failing endpoints, however many, do not delay other users of
/// the database. An outcome that cannot be stored is kept and tried again. Until it is stored, this host does not send the delivery again.
/// </summary>
// Not a GroupCommit, which fails the callers of a failed batch and forgets them. Here outcomes are kept and tried again one by one, and a
// batch takes from two queues, one of which pauses after each batch. Hooks for that would be longer than the code that both share.
internal sealed class OutcomeWriter(IServiceScopeFactory scopes, TimeProvider clock, ILogger<OutcomeWriter> log) : BackgroundService
{
    private const int MaxBatch = 100; // limits how long a batch locks the database: 500 delayed requests of people by 0.1 s
    private const int MaxFailed = 50; // in one batch
    private const int FailedPauseFactor = 3; // the pause after a batch with failures, in multiples of the time it took
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Queue<Waiting> delivered = new();
    private readonly Queue<Waiting> failed = new();
    private Task failedPause = Task.CompletedTask;
    private Task<bool>? arrival;

    /// <summary>Returns when the outcome is durable.</summary>
    public Task Record(Outcome outcome)
    {
        var waiting = new Waiting(outcome);
        return queue.Writer.TryWrite(waiting) ? waiting.Written.Task : Task.CompletedTask; // stopping: another host sends it again
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
            if (batch.Exists(w => !w.Outcome.IsSuccess)) PauseFor(clock.GetElapsedTime(begun) * FailedPauseFactor);
            batch.Clear();
        }
    }

    /// <summary>Fills the next batch, waiting if necessary; false if the host is stopping and nothing is left.</summary>
    private async Task<bool> Gather(List<Waiting> batch)
    {
        while (true)
        {
            while (queue.Reader.TryRead(out var waiting)) (waiting.Outcome.IsSuccess ? delivered : failed).Enqueue(waiting);
            while (batch.Count < MaxBatch && delivered.TryDequeue(out var waiting)) batch.Add(waiting);
            var max = failedPause.IsCompleted ? Math.Min(MaxBatch, batch.Count + MaxFailed) : 0;
            while (batch.Count < max && failed.TryDequeue(out var waiting)) batch.Add(waiting);
            if (batch.Count > 0) return true;

            arrival ??= queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            if (failed.Count > 0) await Task.WhenAny(arrival, failedPause);
            else await arrival;
            if (!arrival.IsCompleted) continue;
            var isOver = !await arrival;
            arrival = null;
            if (isOver && failed.Count == 0) return false;
            if (isOver) failedPause = Task.CompletedTask;
        }
    }

    private void PauseFor(TimeSpan time) =>
        failedPause = queue.Reader.Completion.IsCompleted ? Task.CompletedTask : Task.Delay(time < MinPause ? MinPause : time, clock);

    /// <summary>
    /// True if every outcome is stored or postponed. False if the database is unavailable. An outcome that cannot be stored is tried again
    /// alone, after the others.
    /// </summary>
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

        if (batch.Count == 1) Postpone(batch[0]);
        else foreach (var waiting in batch) if (!await TryWrite([waiting])) return false;
        return true;
    }

    private async void Postpone(Waiting waiting)
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
            if (endpoint.LastOrDefault(o => o.IsSuccess) is { } success) await statements.MarkAnswering(success);
            if (!endpoint.Last().IsSuccess) await statements.MarkFailing(endpoint.Last());
        }

        await transaction.CommitAsync();
    }

    private sealed class Waiting(Outcome outcome)
    {
        public Outcome Outcome => outcome;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

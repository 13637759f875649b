using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Makes the items of many callers durable in one transaction. While one batch is written, the next one is collected, so thousands of calls
/// a second need only a few hundred disk flushes. If a batch fails, its callers are refused and it is not repeated, because a commit
/// without a reply may have succeeded; the next batch is independent. When the host stops, nothing more is accepted and waiting items are
/// written.
/// </summary>
public abstract class GroupCommit<T> : IHostedService
{
    private const int Capacity = 20_000; // more concurrent callers are refused instead of queued in memory
    private const int MaxBatch = 2_000;  // limits how long the batch locks the database
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10); // a disk that takes longer is unavailable

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private Task gathering = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // no token: even if the host stops right after the start, waiting items are written
        gathering = Task.Run(Gather, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await gathering.WaitAsync(cancellationToken);
    }

    /// <summary>Returns once the item is durable. Throws <see cref="Refusal"/> when it is not, or when the outcome is unknown.</summary>
    protected async Task Add(T item, CancellationToken ct)
    {
        var waiting = new Waiting(item);
        if (!queue.Writer.TryWrite(waiting)) throw Refusal();
        try
        {
            await waiting.Written.Task.WaitAsync(MaxWait, ct);
        }
        catch (TimeoutException)
        {
            throw Refusal();
        }
    }

    /// <summary>Writes the batch in one transaction. Batches are never written concurrently.</summary>
    protected abstract Task Commit(List<T> batch);

    /// <summary>The refusal for a caller whose item was not written.</summary>
    protected abstract RefusedException Refusal();

    /// <summary>Logs why <see cref="Commit"/> failed.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="count">The number of items in the batch.</param>
    protected abstract void Failed(Exception failure, int count);

    /// <summary>Releases what is kept between batches, after the last one.</summary>
    protected virtual Task Finish() => Task.CompletedTask;

    private async Task Gather()
    {
        var batch = new List<Waiting>();
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            try
            {
                await Commit(batch.ConvertAll(w => w.Item));
                foreach (var waiting in batch) waiting.Written.TrySetResult();
            }
            catch (Exception e)
            {
                Failed(e, batch.Count);
                foreach (var waiting in batch) waiting.Written.TrySetException(Refusal());
            }

            batch.Clear();
        }

        await Finish();
    }

    private sealed class Waiting(T item)
    {
        public T Item => item;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

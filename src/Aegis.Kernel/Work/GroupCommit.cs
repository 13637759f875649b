using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Makes what callers add durable, all that waits in one transaction: while one batch is on its way to the disk the next one gathers,
/// so thousands of calls a second share a few hundred flushes. A batch that fails refuses its callers and is not repeated, since a commit
/// without an answer may have been made; the next batch starts afresh. When the host stops, nothing more is accepted and what waits is
/// written.
/// </summary>
public abstract class GroupCommit<T> : IHostedService
{
    private const int Capacity = 20_000; // more callers than this at once are refused instead of kept in memory
    private const int MaxBatch = 2_000;  // bounds how long the batch holds the database
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10); // a disk that hangs longer is unavailable

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private Task gathering = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        gathering = Task.Run(Gather, CancellationToken.None); // no token: also a stop right after the start writes what waits
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await gathering.WaitAsync(cancellationToken);
    }

    /// <summary>Returns when the item is durable; throws <see cref="Refusal"/> when it is not, or when nobody knows yet.</summary>
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

    /// <summary>Writes all of them in one transaction. No two batches are written at once.</summary>
    protected abstract Task Commit(List<T> batch);

    /// <summary>What a caller is told whose item was not written.</summary>
    protected abstract RefusedException Refusal();

    /// <summary>Logs why <see cref="Commit"/> failed.</summary>
    /// <param name="failure">What it threw.</param>
    /// <param name="count">How many items were in the batch.</param>
    protected abstract void Failed(Exception failure, int count);

    /// <summary>Ends what is kept from batch to batch, after the last one.</summary>
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

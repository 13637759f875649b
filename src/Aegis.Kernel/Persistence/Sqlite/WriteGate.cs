namespace Aegis.Kernel.Persistence.Sqlite;

/// <summary>
/// Lets one writer of this process at a time into the SQLite file, in order of arrival, group commits first.
/// Without it writers poll the file lock and the slowest waits seconds.
/// </summary>
public sealed class WriteGate
{
    private readonly Lock guard = new();
    private readonly LinkedList<Waiter> urgent = new();
    private readonly LinkedList<Waiter> normal = new();
    private bool taken;

    /// <summary>Waits for the turn. Dispose the result to let the next one in; a second dispose does nothing.</summary>
    /// <param name="isUrgent">True for a group commit, which carries the work of many callers.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async ValueTask<IDisposable> Enter(bool isUrgent, CancellationToken ct)
    {
        Waiter waiter;
        LinkedListNode<Waiter> node;
        lock (guard)
        {
            if (!taken)
            {
                taken = true;
                return new Turn(this);
            }

            waiter = new Waiter();
            node = (isUrgent ? urgent : normal).AddLast(waiter);
        }

        using var cancelled = ct.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        try
        {
            await waiter.Task;
        }
        catch (OperationCanceledException)
        {
            lock (guard) node.List?.Remove(node);
            throw;
        }

        return new Turn(this);
    }

    private void Leave()
    {
        lock (guard)
        {
            while ((urgent.First ?? normal.First) is { } next)
            {
                next.List!.Remove(next);
                if (next.Value.TrySetResult()) return;
            }

            taken = false;
        }
    }

    private sealed class Waiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Turn(WriteGate gate) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) gate.Leave();
        }
    }
}

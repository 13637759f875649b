namespace Aegis.Kernel.Persistence.Sqlite;

/// <summary>
/// Lets one writer of this process at a time use the SQLite file, in order of arrival, group commits first. Without it writers poll the
/// file lock, and the slowest waits seconds.
/// </summary>
#pragma warning disable CA1001 // the caller of Enter disposes the turn
public sealed class WriteGate
#pragma warning restore CA1001
{
    /// <summary>How often a waiter checks whether the current transaction has ended without an event.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock guard = new();
    private readonly LinkedList<Waiter> urgent = new();
    private readonly LinkedList<Waiter> normal = new();
    private WriteTurn? current;

    /// <summary>Waits for a turn to write. Dispose it to let the next writer in; a second dispose does nothing.</summary>
    /// <param name="isUrgent">True for a group commit, because many callers wait for it.</param>
    /// <param name="ct">Cancels the wait.</param>
    public async ValueTask<WriteTurn> Enter(bool isUrgent, CancellationToken ct)
    {
        Waiter waiter;
        LinkedListNode<Waiter> node;
        lock (guard)
        {
            if (current is null) return current = new WriteTurn(this);
            waiter = new Waiter();
            node = (isUrgent ? urgent : normal).AddLast(waiter);
        }

        using var cancelled = ct.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        while (true)
        {
            try
            {
                return await waiter.Task.WaitAsync(CheckInterval, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                if (current is { } turn && turn.IsOver()) Leave(turn);
            }
            catch (OperationCanceledException)
            {
                lock (guard) node.List?.Remove(node);
                throw;
            }
        }
    }

    internal void Leave(WriteTurn turn)
    {
        lock (guard)
        {
            if (current != turn) return;
            current = null;
            while ((urgent.First ?? normal.First) is { } next)
            {
                next.List!.Remove(next);
                var turnOfNext = new WriteTurn(this);
                if (!next.Value.TrySetResult(turnOfNext)) continue;
                current = turnOfNext;
                return;
            }
        }
    }

    private sealed class Waiter() : TaskCompletionSource<WriteTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The right to write, until it is disposed or its transaction is over.</summary>
public sealed class WriteTurn(WriteGate gate) : IDisposable
{
    private volatile Func<bool> isOver = static () => false;

    /// <summary>Also ends the turn once <paramref name="over"/> returns true, because a transaction can end without any event.</summary>
    public void EndWhen(Func<bool> over) => isOver = over;

    internal bool IsOver() => isOver();

    public void Dispose() => gate.Leave(this);
}

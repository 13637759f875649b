namespace Aegis.Kernel.Persistence.Sqlite;

/// <summary>
/// Lets one writer of this process at a time into the SQLite file, in order of arrival, group commits first.
/// Without it writers poll the file lock and the slowest waits seconds.
/// </summary>
#pragma warning disable CA1001 // a turn belongs to whoever took it
public sealed class WriteGate
#pragma warning restore CA1001
{
    /// <summary>How often those who wait look whether the one inside has left without a word.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly Lock guard = new();
    private readonly LinkedList<Waiter> urgent = new();
    private readonly LinkedList<Waiter> normal = new();
    private WriteTurn? inside;

    /// <summary>Waits for the turn. Dispose the result to let the next one in; a second dispose does nothing.</summary>
    /// <param name="isUrgent">True for a group commit, which carries the work of many callers.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async ValueTask<WriteTurn> Enter(bool isUrgent, CancellationToken ct)
    {
        Waiter waiter;
        LinkedListNode<Waiter> node;
        lock (guard)
        {
            if (inside is null) return inside = new WriteTurn(this);
            waiter = new Waiter();
            node = (isUrgent ? urgent : normal).AddLast(waiter);
        }

        using var cancelled = ct.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        while (true)
        {
            try
            {
                return await waiter.Task.WaitAsync(Glance, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                if (inside is { } turn && turn.IsOver()) Leave(turn);
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
            if (inside != turn) return;
            inside = null;
            while ((urgent.First ?? normal.First) is { } next)
            {
                next.List!.Remove(next);
                var following = new WriteTurn(this);
                if (!next.Value.TrySetResult(following)) continue;
                inside = following;
                return;
            }
        }
    }

    private sealed class Waiter() : TaskCompletionSource<WriteTurn>(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The right to write, until it is disposed or what it was taken for is over.</summary>
public sealed class WriteTurn(WriteGate gate) : IDisposable
{
    private volatile Func<bool> isOver = static () => false;

    /// <summary>Ends the turn also when this says so: a transaction can end without anybody being told.</summary>
    public void EndWhen(Func<bool> over) => isOver = over;

    internal bool IsOver() => isOver();

    public void Dispose() => gate.Leave(this);
}

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Limits how many passwords are hashed at the same time. One hash takes a core for a sixth of a second, so an attacker with many addresses
/// could keep all cores busy. There are as many slots as cores; half of them are reserved for known browsers. Further calls wait in a short
/// queue, in which known browsers go first.
/// </summary>
internal sealed class HashSlots(int cores)
{
    /// <summary>The length of each queue for each core. The last call in a full queue waits about a second.</summary>
    private const int MaxWaitingForCore = 4;

    /// <summary>In this time a full queue is worked off several times.</summary>
    private const int RetrySeconds = 5;

    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource> knownWaiting = [];
    private readonly LinkedList<TaskCompletionSource> strangersWaiting = [];
    private int known;
    private int strangers;

    private int MaxStrangers => Math.Max(1, cores / 2);

    /// <summary>Waits for a slot. Disposing of the returned value frees the slot.</summary>
    /// <exception cref="RefusedException">The queue is full.</exception>
    public async Task<IDisposable> Take(bool isKnown, CancellationToken ct)
    {
        var queue = isKnown ? knownWaiting : strangersWaiting;
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (TryBegin(isKnown)) return new Slot(this, isKnown);
            if (queue.Count >= MaxWaitingForCore * cores) throw Busy();
            queue.AddLast(turn);
        }

        await using (ct.Register(() => Leave(queue, turn, ct))) await turn.Task;
        return new Slot(this, isKnown);
    }

    private static RefusedException Busy() =>
        new RefusedException(StatusCodes.Status503ServiceUnavailable, "sign_in_busy",
            $"Too many people are signing in at the moment. Wait {RetrySeconds} s and try again.")
            .With(Problem.RetryAfter, RetrySeconds);

    private bool TryBegin(bool isKnown)
    {
        if (known + strangers >= cores || (!isKnown && strangers >= MaxStrangers)) return false;
        if (isKnown) known++;
        else strangers++;
        return true;
    }

    private void Leave(LinkedList<TaskCompletionSource> queue, TaskCompletionSource turn, CancellationToken ct)
    {
        lock (gate)
        {
            if (queue.Remove(turn)) turn.SetCanceled(ct);
        }
    }

    private void End(bool wasKnown)
    {
        lock (gate)
        {
            if (wasKnown) known--;
            else strangers--;
            Serve(knownWaiting, isKnown: true);
            Serve(strangersWaiting, isKnown: false);
        }
    }

    private void Serve(LinkedList<TaskCompletionSource> queue, bool isKnown)
    {
        while (queue.First is { } next && TryBegin(isKnown))
        {
            queue.RemoveFirst();
            next.Value.SetResult();
        }
    }

    private sealed class Slot(HashSlots slots, bool isKnown) : IDisposable
    {
        private bool isOver;

        public void Dispose()
        {
            if (isOver) return;
            isOver = true;
            slots.End(isKnown);
        }
    }
}

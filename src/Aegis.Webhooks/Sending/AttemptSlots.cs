namespace Aegis.Webhooks.Sending;

/// <summary>
/// How many attempts are under way on this host. Endpoints that answer have places of their own, which nobody keeps for longer than a
/// moment: those that hang, however many, wait among themselves.
/// </summary>
internal sealed class AttemptSlots(WebhooksOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Who takes longer gives its place among the quick ones back.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim quick = new(Math.Max(1, options.MostAtOnce / 4));
    private readonly SemaphoreSlim slow = new(options.MostAtOnce);

    /// <summary>Does the work in a place of its kind.</summary>
    /// <param name="isQuick">True for an endpoint that answered its last attempt at once.</param>
    /// <param name="work">The attempt.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>What the work gave, and whether it was quick.</returns>
    public async Task<(T Result, bool WasQuick)> Run<T>(bool isQuick, Func<Task<T>> work, CancellationToken ct)
    {
        var slot = isQuick ? quick : slow;
        await slot.WaitAsync(ct);
        var isHeld = true;
        try
        {
            var begun = clock.GetTimestamp();
            var running = work();
            if (isQuick && !await EndsInAMoment(running))
            {
                slot.Release();
                isHeld = false;
            }

            return (await running, clock.GetElapsedTime(begun) < Moment);
        }
        finally
        {
            if (isHeld) slot.Release();
        }
    }

    public void Dispose()
    {
        quick.Dispose();
        slow.Dispose();
    }

    private async Task<bool> EndsInAMoment(Task running)
    {
        if (running.IsCompleted) return true;
        using var timer = new CancellationTokenSource();
        var ended = await Task.WhenAny(running, Task.Delay(Moment, clock, timer.Token)) == running;
        await timer.CancelAsync();
        return ended;
    }
}

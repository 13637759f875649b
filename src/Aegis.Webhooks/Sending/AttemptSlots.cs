namespace Aegis.Webhooks.Sending;

/// <summary>
/// Limits the attempts that run at once on this host. Endpoints that answer quickly have their own slots and free them within a second, so
/// slow endpoints, however many there are, wait only for each other.
/// </summary>
internal sealed class AttemptSlots(WebhooksOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>An attempt that takes longer gives up its quick slot.</summary>
    public static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim quick = new(Math.Max(1, options.MostAtOnce / 4));
    private readonly SemaphoreSlim slow = new(options.MostAtOnce);

    /// <summary>Runs the work in a slot of its kind.</summary>
    /// <param name="isQuick">True if the endpoint answered its last attempt quickly.</param>
    /// <param name="work">The attempt.</param>
    /// <param name="ct">Cancels the wait for a slot.</param>
    /// <returns>The result of the work, and whether it was quick.</returns>
    public async Task<(T Result, bool WasQuick)> Run<T>(bool isQuick, Func<Task<T>> work, CancellationToken ct)
    {
        var slot = isQuick ? quick : slow;
        await slot.WaitAsync(ct);
        var isHeld = true;
        try
        {
            var begun = clock.GetTimestamp();
            var running = work();
            if (isQuick && !await EndsQuickly(running))
            {
                slot.Release();
                isHeld = false;
            }

            return (await running, clock.GetElapsedTime(begun) < QuickLimit);
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

    private async Task<bool> EndsQuickly(Task running)
    {
        if (running.IsCompleted) return true;
        using var timer = new CancellationTokenSource();
        var ended = await Task.WhenAny(running, Task.Delay(QuickLimit, clock, timer.Token)) == running;
        await timer.CancelAsync();
        return ended;
    }
}

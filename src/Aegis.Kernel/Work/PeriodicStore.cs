using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Counts in memory and stores now and then, and once more when the host stops. A kill loses what was counted since the last time, so it is
/// for figures that may be a little too small, never for what limits somebody.
/// </summary>
public abstract class PeriodicStore(TimeProvider clock) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    /// <summary>From one time to the next.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>Stores what was counted since the last time.</summary>
    public abstract Task Store(CancellationToken ct);

    /// <summary>Logs why <see cref="Store"/> failed.</summary>
    protected abstract void Failed(Exception failure);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Store(CancellationToken.None); // also once more when the host stops
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }
    }
}

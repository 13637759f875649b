using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Counts in memory and stores regularly, and once more when the host stops. A kill loses the counts since the last store. So use it for
/// statistics that may be slightly too low, never for limits.
/// </summary>
public abstract class PeriodicStore(TimeProvider clock) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    /// <summary>The time between two stores.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>Stores the counts since the last store.</summary>
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
                await Store(CancellationToken.None); // not the stopping token, so that the last store also runs
            }
            catch (Exception e)
            {
                Failed(e);
            }
        }
    }
}

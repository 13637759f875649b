using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Works on what is due until the host stops: looks, works, and waits for a signal or for its period. A failure is logged and the loop goes
/// on; it never ends the host. Work that any number of hosts may do at once is claimed in the database, not here.
/// </summary>
public abstract class Worker(TimeProvider clock) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    /// <summary>How long to wait when nothing wakes the worker: for the work of other hosts, and for what was put off.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>
    /// A task that ends when there may be work, or null for a worker that only looks now and then. It is taken before looking, so that
    /// nothing falls between.
    /// </summary>
    protected virtual Task? Woken() => null;

    /// <summary>What ends the wait after a look; <see cref="Woken"/> unless a worker knows better by then.</summary>
    protected virtual Task? Awaited(Task? woken) => woken;

    /// <summary>Looks for what is due and does it.</summary>
    /// <returns>True when there may be more: then it looks again at once.</returns>
    protected abstract Task<bool> Work(CancellationToken ct);

    /// <summary>Logs why <see cref="Work"/> failed.</summary>
    protected abstract void Failed(Exception failure);

    /// <summary>Ends what is under way when the host stops.</summary>
    protected virtual Task Finish() => Task.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = Woken();
            try
            {
                if (await Work(stoppingToken)) continue;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                break; // work that was cut short by the stop has not failed
            }
            catch (Exception e)
            {
                Failed(e);
            }

            var period = Task.Delay(Period, Clock, stoppingToken);
            await Task.WhenAny(Awaited(woken) ?? period, period);
        }

        await Finish();
    }
}

using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Work;

/// <summary>
/// Does due work until the host stops: it works, then waits for a signal or its period. A failure is logged and the loop continues; it
/// never stops the host. Work that several hosts may do at once is claimed in the database, not here.
/// The parts of this folder: a Worker claims rows with <see cref="RowLease"/> and delays failed ones with <see cref="Backoff"/>. <see
/// cref="PeriodicStore"/> saves counters regularly and may lose the last ones in a crash. <see cref="GroupCommit{T}"/> writes the items of
/// many callers in one transaction and refuses them if it fails. <see cref="RowSweep"/> deletes old rows in batches.
/// </summary>
public abstract class Worker(TimeProvider clock) : BackgroundService
{
    protected TimeProvider Clock { get; } = clock;

    /// <summary>How long to wait without a signal, for work of other hosts and delayed work.</summary>
    protected abstract TimeSpan Period { get; }

    /// <summary>
    /// A task that completes when there may be work, or null for a worker that only polls. It is taken before looking for work, so that no
    /// signal is missed in between.
    /// </summary>
    protected virtual Task? Woken() => null;

    /// <summary>The task that ends the wait after <see cref="Work"/>. By default <see cref="Woken"/>.</summary>
    protected virtual Task? Awaited(Task? woken) => woken;

    /// <summary>Finds due work and does it.</summary>
    /// <returns>True when there may be more work; then it is called again at once.</returns>
    protected abstract Task<bool> Work(CancellationToken ct);

    /// <summary>Logs why <see cref="Work"/> failed.</summary>
    protected abstract void Failed(Exception failure);

    /// <summary>Completes running work when the host stops.</summary>
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
                break; // work that was cancelled by the stop has not failed
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

using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Windows;

/// <summary>Removes the keys of transfers whose window is over. They cannot be opened from the end of the window, even before.</summary>
internal sealed class EndWindows(IServiceScopeFactory scopes, TimeProvider clock, ILogger<EndWindows> log) : Worker(clock)
{
    private const int Batch = 50;
    private static readonly TransferStatus[] Living = [TransferStatus.Ready, TransferStatus.Open, TransferStatus.Suspended];

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override async Task<bool> Work(CancellationToken ct) => await EndBatch(ct) == Batch;

    protected override void Failed(Exception failure) => Log.SweepFailed(log, nameof(EndWindows), failure.GetType().Name, failure);

    /// <summary>Ends the transfers that are due and returns how many it ended.</summary>
    internal async Task<int> EndBatch(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var endings = scope.ServiceProvider.GetRequiredService<DestructionStart>();
        var now = Clock.GetUtcNow();
        var due = await db.Transfers.Where(t => Living.Contains(t.Status) && t.WindowEnd <= now)
            .OrderBy(t => t.WindowEnd).ThenBy(t => t.Id).Select(t => t.Id).Take(Batch).ToListAsync(ct);
        var ended = 0;
        foreach (var id in due)
        {
            try
            {
                await endings.EndWindow(id, ct);
                ended++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.TransferStepFailed(log, nameof(EndWindows), id, e.GetType().Name, e);
            }

            db.ChangeTracker.Clear();
        }

        return ended;
    }
}

using Aegis.Kernel.Jobs;

namespace Aegis.Studies.Windows;

/// <summary>Compares the meters a last time, a day after the window. Served in part or never acknowledged is a dispute.</summary>
internal sealed class ReviewMetersJob(StudiesDb db, TimeProvider clock, ILogger<ReviewMetersJob> log) : IRecurringJob
{
    private const int Batch = 200;

    public static string Name => "studies.review-meters";

    public static string Cron => "20 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db.Transfers.Where(t => t.ReviewDueAt <= now)
            .OrderBy(t => t.ReviewDueAt).ThenBy(t => t.Id).Select(t => t.Id).Take(Batch).ToListAsync(ct);
        foreach (var id in due)
        {
            try
            {
                await db.ChangeWithRetry(() => Review(id, now, ct), ct, alsoWhenTaken: true); // the revision decides between hosts
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.TransferStepFailed(log, nameof(ReviewMetersJob), id, e.GetType().Name, e);
            }

            db.ChangeTracker.Clear();
        }
    }

    private async Task<bool> Review(string id, DateTimeOffset now, CancellationToken ct)
    {
        var transfer = await db.Transfers.Include(t => t.Meter).FirstAsync(t => t.Id == id, ct);
        if (transfer.ReviewDueAt is null) return false; // another host has reviewed it

        // The upper bound decides, so that after a crash the consumer does not look as if it had stopped halfway.
        var leases = await db.Leases.AsNoTracking().Where(l => l.TransferId == id).OrderBy(l => l.Id).ToListAsync(ct);
        var (served, egress) = transfer.Meter!.AtMost(leases);
        transfer.Review(served >= transfer.Study.PayloadBytes, egress > 0, now);
        return true;
    }
}

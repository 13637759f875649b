using Aegis.Kernel.Jobs;

namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>
/// Suspends partnerships whose agreements have expired, and warns before. The revision of each row lets only one host do it. What a crash
/// leaves undone is due again at the next run.
/// </summary>
internal sealed class ReviewAgreementsJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    private const int Batch = 100;

    public static string Name => "auth.review-agreements";

    public static string Cron => "5 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var today = clock.Today();
        var after = "";
        while (true)
        {
            var ids = await Due(today).Where(p => string.Compare(p.Id, after) > 0).OrderBy(p => p.Id).Select(p => p.Id).Take(Batch)
                .ToListAsync(ct);
            foreach (var id in ids) await Review(id, ct);
            if (ids.Count < Batch) return;
            after = ids[^1];
        }
    }

    private IQueryable<Partnership> Due(DateOnly today)
    {
        var (month, week, day) = (today.AddDays(Partnership.WarningDays[0]), today.AddDays(Partnership.WarningDays[1]),
                today.AddDays(Partnership.WarningDays[2]));
        var (monthly, weekly, daily) = (Partnership.WarningDays[0], Partnership.WarningDays[1], Partnership.WarningDays[2]);
        return db.Partnerships.Where(p => p.Status == PartnershipStatus.Active && p.BaaUntil <= month
            && (p.BaaUntil < today || p.WarnedDays > monthly || (p.BaaUntil <= week && p.WarnedDays > weekly)
                || (p.BaaUntil <= day && p.WarnedDays > daily)));
    }

    private async Task Review(string id, CancellationToken ct)
    {
        try
        {
            var partnership = await db.Partnerships.SingleOrDefaultAsync(p => p.Id == id, ct);
            if (partnership?.Review(clock.GetUtcNow()) is true) await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another host or a party changed it first; what is still due is done in the next run.
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}

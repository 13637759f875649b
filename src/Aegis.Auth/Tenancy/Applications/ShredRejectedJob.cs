using Aegis.Kernel.Jobs;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>Shreds the evidence of applications rejected 30 days ago. The revision of each row lets only one host do it.</summary>
internal sealed class ShredRejectedJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    private const int Batch = 500;

    public static string Name => "auth.shred-rejected";

    public static string Cron => "25 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db.Applications.Where(a => a.ShredAt <= now).OrderBy(a => a.ShredAt).ThenBy(a => a.Id).Take(Batch).Select(a => a.Id)
            .ToListAsync(ct);
        foreach (var id in due)
        {
            try
            {
                if (await db.Applications.SingleOrDefaultAsync(a => a.Id == id && a.ShredAt <= now, ct) is not { } application) continue;
                application.Shred(now);
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                // Another host shredded it first.
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}

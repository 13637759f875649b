using Aegis.Kernel.Jobs;

namespace Aegis.Studies.Requests;

/// <summary>
/// Stores that requests have expired without an answer. They already count as expired before this job has stored it.
/// </summary>
internal sealed class ExpireRequestsJob(StudiesDb db, TimeProvider clock, ILogger<ExpireRequestsJob> log) : IRecurringJob
{
    private const int Batch = 200; // one run stays well under the one-minute schedule

    public static string Name => "studies.expire-requests";

    public static string Cron => "5 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db.Requests.DueToExpire(now).OrderBy(x => x.ExpiresAt).Take(Batch).Select(x => x.Id).ToListAsync(ct);
        foreach (var id in due)
        {
            if (await db.Requests.DueToExpire(now).FirstOrDefaultAsync(x => x.Id == id, ct) is not { } request) continue;
            request.Expire(now);
            await db.SaveUnlessTaken(request, log, ct);
        }
    }
}

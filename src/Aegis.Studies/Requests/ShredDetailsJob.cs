using Aegis.Kernel.Jobs;

namespace Aegis.Studies.Requests;

/// <summary>Deletes patient, reason and note of requests that ended 30 days ago. A second run changes nothing.</summary>
internal sealed class ShredDetailsJob(StudiesDb db, TimeProvider clock, ILogger<ShredDetailsJob> log) : IRecurringJob
{
    private const int Batch = 500;

    public static string Name => "studies.shred-details";

    public static string Cron => "35 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db.Requests.Where(x => x.ShredAt <= now).OrderBy(x => x.ShredAt).Take(Batch).Select(x => x.Id).ToListAsync(ct);
        foreach (var id in due)
        {
            if (await db.Requests.FirstOrDefaultAsync(x => x.Id == id && x.ShredAt <= now, ct) is not { } request) continue;
            request.Shred(now);
            await db.SaveUnlessTaken(request, log, ct);
        }
    }
}

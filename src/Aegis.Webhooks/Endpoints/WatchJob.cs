namespace Aegis.Webhooks.Endpoints;

/// <summary>
/// Warns of failing endpoints on the first and third day and disables them on the fifth. Days count from the first to the last failure with
/// no success between them, so an endpoint that was sent nothing has not failed.
/// </summary>
internal sealed class WatchJob(WebhooksDb db, TimeProvider clock, ILogger<WatchJob> log) : IRecurringJob
{
    private const int Batch = 200;
    private const int LastDay = 5;
    private static readonly int[] Days = [1, 3, LastDay];

    public static string Name => "webhooks.watch";

    public static string Cron => "30 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromDays(Days[0]);
        var after = "";
        List<EndpointQueue> failing;
        do
        {
            db.ChangeTracker.Clear();
            failing = await db.EndpointQueues.Where(l => l.FailingSince <= before && l.WarnedDay < LastDay
                && string.Compare(l.EndpointId, after) > 0)
                .OrderBy(l => l.EndpointId).Take(Batch).ToListAsync(ct);
            foreach (var queue in failing) await Watch(queue, ct);
            if (failing.Count > 0) after = failing[^1].EndpointId;
        }
        while (failing.Count == Batch);
    }

    private async Task Watch(EndpointQueue queue, CancellationToken ct)
    {
        var lasted = queue.LastFailureAt - queue.FailingSince;
        var day = Days.LastOrDefault(d => lasted >= TimeSpan.FromDays(d));
        if (day <= queue.WarnedDay) return;
        var endpoint = await db.Endpoints.FirstOrDefaultAsync(e => e.Id == queue.EndpointId, ct);
        if (endpoint is null or { Status: EndpointStatus.Disabled }) return;

        queue.WarnedDay = day;
        if (day == LastDay) endpoint.Disable(WebhookDisabled.Failing, clock.GetUtcNow());
        else endpoint.Warn(day, queue.LastError ?? "unknown");
        try
        {
            await db.SaveChangesAsync(ct);
            Log.EndpointFails(log, queue.EndpointId, day, queue.LastError ?? "unknown");
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another host was first, the owner changed the endpoint, or it answers again. The next run checks it.
            db.Entry(queue).State = EntityState.Detached;
            db.Entry(endpoint).State = EntityState.Detached;
        }
    }
}

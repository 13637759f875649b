using Aegis.Kernel.Work;

namespace Aegis.Webhooks.Deliveries;

/// <summary>Deletes events, deliveries, attempts and replays once they are older than the retention time.</summary>
internal sealed class PurgeJob(WebhooksDb db, WebhooksOptions options, TimeProvider clock) : IRecurringJob
{
    public static string Name => "webhooks.purge";

    public static string Cron => "0 41 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Kept;
        var (firstDelivery, firstReplay) = (Ids.New("dlv", before), Ids.New("rpl", before)); // ids sort by time
        await RowSweep.InBatches(() => PurgeDeliveries(firstDelivery, ct));
        await db.Sweep(db.Replays.Where(r => string.Compare(r.Id, firstReplay) < 0).OrderBy(r => r.Id), ct);
        foreach (var organization in await db.Counts.AsNoTracking().Select(c => c.OrganizationId).ToListAsync(ct))
            await RowSweep.InBatches(() => PurgeEvents(organization, before, ct));
    }

    /// <summary>Deletes one batch of deliveries and their attempts.</summary>
    private async Task<int> PurgeDeliveries(string before, CancellationToken ct)
    {
        var ids = await db.Deliveries.AsNoTracking().Where(d => string.Compare(d.Id, before) < 0)
            .OrderBy(d => d.Id).Take(RowSweep.Batch).Select(d => d.Id).ToListAsync(ct);
        if (ids.Count == 0) return 0;
        return await db.InTransaction(async () =>
        {
            await db.Attempts.Where(a => ids.Contains(a.DeliveryId)).ExecuteDeleteAsync(ct);
            await db.Deliveries.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(ct);
            return ids.Count;
        }, ct);
    }

    /// <summary>Deletes in order of sequence, so no gap appears between the events that are kept.</summary>
    private async Task<int> PurgeEvents(string organization, DateTimeOffset before, CancellationToken ct)
    {
        var oldest = await db.Events.AsNoTracking().Where(e => e.OrganizationId == organization).OrderBy(e => e.Sequence)
            .Take(RowSweep.Batch).Select(e => new { e.Sequence, e.At }).ToListAsync(ct);
        var old = oldest.TakeWhile(e => e.At < before).Select(e => e.Sequence).ToList();
        if (old.Count == 0) return 0;
        var last = old[^1];
        await db.InTransaction(
            () => db.Events.Where(e => e.OrganizationId == organization && e.Sequence <= last).ExecuteDeleteAsync(ct), ct);
        return old.Count;
    }
}

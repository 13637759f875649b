using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Jobs;
using Aegis.Kernel.Persistence;
using Aegis.Webhooks.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Webhooks.Deliveries;

/// <summary>Deletes events, deliveries, attempts and replays that are older than what is kept, a few at a time. Running twice deletes nothing more.</summary>
internal sealed class PurgeJob(WebhooksDb db, WebhooksOptions options, TimeProvider clock) : IRecurringJob
{
    private const int Batch = 500; // bounds how long a batch holds the database

    public static string Name => "webhooks.purge";

    public static string Cron => "0 41 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Kept;
        while (await PurgeDeliveries(Ids.New("dlv", before), ct) == Batch) await Task.Yield();
        while (await PurgeReplays(Ids.New("rpl", before), ct) == Batch) await Task.Yield();
        foreach (var organization in await db.Counts.AsNoTracking().Select(c => c.OrganizationId).ToListAsync(ct))
        {
            while (await PurgeEvents(organization, before, ct) == Batch) await Task.Yield();
        }
    }

    /// <summary>Ids sort by time, so the oldest are the first.</summary>
    private async Task<int> PurgeDeliveries(string before, CancellationToken ct)
    {
        var ids = await db.Deliveries.AsNoTracking().Where(d => string.Compare(d.Id, before) < 0).OrderBy(d => d.Id).Take(Batch).Select(d => d.Id).ToListAsync(ct);
        if (ids.Count == 0) return 0;
        return await db.InTransaction(async () =>
        {
            await db.Attempts.Where(a => ids.Contains(a.DeliveryId)).ExecuteDeleteAsync(ct);
            await db.Deliveries.Where(d => ids.Contains(d.Id)).ExecuteDeleteAsync(ct);
            return ids.Count;
        }, ct);
    }

    private async Task<int> PurgeReplays(string before, CancellationToken ct)
    {
        var ids = await db.Replays.AsNoTracking().Where(r => string.Compare(r.Id, before) < 0).OrderBy(r => r.Id).Take(Batch).Select(r => r.Id).ToListAsync(ct);
        if (ids.Count > 0) await db.InTransaction(() => db.Replays.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(ct), ct);
        return ids.Count;
    }

    /// <summary>The oldest places first, so that there is never a gap behind one that is kept.</summary>
    private async Task<int> PurgeEvents(string organization, DateTimeOffset before, CancellationToken ct)
    {
        var oldest = await db.Events.AsNoTracking().Where(e => e.OrganizationId == organization).OrderBy(e => e.Sequence).Take(Batch)
            .Select(e => new { e.Sequence, e.At }).ToListAsync(ct);
        var old = oldest.TakeWhile(e => e.At < before).Select(e => e.Sequence).ToList();
        if (old.Count == 0) return 0;
        var last = old[^1];
        await db.InTransaction(() => db.Events.Where(e => e.OrganizationId == organization && e.Sequence <= last).ExecuteDeleteAsync(ct), ct);
        return old.Count;
    }
}

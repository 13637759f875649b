using System.Globalization;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Lists;
using Aegis.Kernel.Validation;
using Aegis.Webhooks.Endpoints;
using Aegis.Webhooks.Events;
using Aegis.Webhooks.Persistence;
using Aegis.Webhooks.Sending;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Webhooks.Deliveries;

/// <summary>Sends deliveries again, a bounded number for each call.</summary>
internal sealed class Replays(WebhooksDb db, Dispatcher dispatcher, TimeProvider clock)
{
    private const int Most = 500;

    public async Task One(WebhookEndpoint endpoint, Delivery delivery, CancellationToken ct)
    {
        delivery.Replay(clock.GetUtcNow());
        await Save(endpoint, 1, ct);
    }

    /// <summary>Every delivery that was given up, oldest first.</summary>
    public async Task<ReplayResponse> Failed(WebhookEndpoint endpoint, CancellationToken ct)
    {
        var failed = await db.Deliveries.Where(d => d.EndpointId == endpoint.Id && d.Status == DeliveryStatus.Failed).OrderBy(d => d.Id).Take(Most + 1).ToListAsync(ct);
        foreach (var delivery in failed.Take(Most)) delivery.Replay(clock.GetUtcNow());
        if (failed.Count > 0) await Save(endpoint, Math.Min(failed.Count, Most), ct);
        return new ReplayResponse(Math.Min(failed.Count, Most), failed.Count > Most ? PageQuery.Encode("0") : null);
    }

    /// <summary>The events of a range that the endpoint listens to: what was delivered is sent again, what was never queued is queued.</summary>
    public async Task<ReplayResponse> Range(WebhookEndpoint endpoint, DateTimeOffset from, DateTimeOffset? to, string? cursor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (after, until, own) = (After(cursor), to ?? now, endpoint.OrganizationId);
        var events = await db.Events.AsNoTracking()
            .Where(e => e.OrganizationId == own && e.At >= from && e.At < until && e.Sequence > after)
            .OrderBy(e => e.Sequence).Take(Most).Select(e => new { e.Sequence, e.EventId, e.Type }).ToListAsync(ct);
        var wanted = events.Where(e => endpoint.Patterns.Any(p => EventTypes.Matches(p, e.Type))).ToList();
        var ids = wanted.ConvertAll(e => e.EventId);
        var present = await db.Deliveries.Where(d => d.EndpointId == endpoint.Id && ids.Contains(d.EventId)).ToDictionaryAsync(d => d.EventId, StringComparer.Ordinal, ct);
        foreach (var e in wanted)
        {
            if (present.TryGetValue(e.EventId, out var delivery)) delivery.Replay(now);
            else db.Deliveries.Add(Delivery.Queue(Ids.New("dlv", now), own, endpoint.Id, e.EventId, e.Sequence, e.Type, now));
        }

        if (wanted.Count > 0) await Save(endpoint, wanted.Count, ct);
        return new ReplayResponse(wanted.Count, events.Count < Most ? null : PageQuery.Encode(events[^1].Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    private async Task Save(WebhookEndpoint endpoint, int count, CancellationToken ct)
    {
        endpoint.Replay(count);
        await db.SaveChangesAsync(ct);
        dispatcher.Look([endpoint.Id]);
    }

    private static long After(string? cursor) =>
        string.IsNullOrEmpty(cursor) ? 0
        : long.TryParse(new PageQuery(Cursor: cursor).After(), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
        : throw Invalid.Field("cursor", "cursor is not one that this call gave out. Start again without it.");
}

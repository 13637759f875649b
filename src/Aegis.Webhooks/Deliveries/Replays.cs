namespace Aegis.Webhooks.Deliveries;

/// <summary>Sends deliveries again, at most 500 in one call.</summary>
internal sealed class Replays(WebhooksDb db, Dispatcher dispatcher, TimeProvider clock)
{
    private const int MaxDeliveries = 500;

    public string NewId() => Ids.New("rpl", clock.GetUtcNow());

    public async Task One(WebhookEndpoint endpoint, Delivery delivery, CancellationToken ct)
    {
        delivery.Replay(clock.GetUtcNow());
        await Save(endpoint, 1, ct);
    }

    /// <summary>Replays failed deliveries, oldest first.</summary>
    /// <param name="endpoint">The endpoint whose deliveries are replayed.</param>
    /// <param name="id">rpl_…, id of the stored result.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task<Replay> Failed(WebhookEndpoint endpoint, string id, CancellationToken ct)
    {
        var failed = await db.Deliveries.Where(d => d.EndpointId == endpoint.Id && d.Status == DeliveryStatus.Failed).OrderBy(d => d.Id)
            .Take(MaxDeliveries + 1).ToListAsync(ct);
        foreach (var delivery in failed.Take(MaxDeliveries)) delivery.Replay(clock.GetUtcNow());
        return await Save(endpoint, Math.Min(failed.Count, MaxDeliveries), failed.Count > MaxDeliveries ? "0" : null, id, ct);
    }

    /// <summary>
    /// Replays the events of a time range that the endpoint subscribes to. Events that were never queued for it are queued now.
    /// </summary>
    public async Task<Replay> Range(
        WebhookEndpoint endpoint, string id, (DateTimeOffset From, DateTimeOffset? To) time, string? cursor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (after, from, until, own) = (After(cursor), time.From, time.To ?? now, endpoint.OrganizationId);
        var events = await db.Events.AsNoTracking()
            .Where(e => e.OrganizationId == own && e.At >= from && e.At < until && e.Sequence > after)
            .OrderBy(e => e.Sequence).Take(MaxDeliveries).Select(e => new { e.Sequence, e.EventId, e.Type }).ToListAsync(ct);
        var wanted = events.Where(e => endpoint.Patterns.Any(p => EventTypes.Matches(p, e.Type))).ToList();
        var ids = wanted.ConvertAll(e => e.EventId);
        var present = await db.Deliveries.Where(d => d.EndpointId == endpoint.Id && ids.Contains(d.EventId))
            .ToDictionaryAsync(d => d.EventId, StringComparer.Ordinal, ct);
        foreach (var e in wanted)
        {
            if (present.TryGetValue(e.EventId, out var delivery)) delivery.Replay(now);
            else db.Deliveries.Add(Delivery.Queue(Ids.New("dlv", now), own, endpoint.Id, e.EventId, e.Sequence, e.Type, now));
        }

        return await Save(endpoint, wanted.Count,
            events.Count < MaxDeliveries ? null : events[^1].Sequence.ToString(CultureInfo.InvariantCulture), id, ct);
    }

    /// <summary>
    /// Stores the result in the same save, even if nothing was queued: a repeated call must not send what was added in between.
    /// </summary>
    private async Task<Replay> Save(WebhookEndpoint endpoint, int count, string? next, string id, CancellationToken ct)
    {
        var replay = new Replay
        {
            Id = id,
            OrganizationId = endpoint.OrganizationId,
            Queued = count,
            NextCursor = next is null ? null : PageQuery.Encode(next)
        };
        db.Replays.Add(replay);
        await Save(endpoint, count, ct);
        return replay;
    }

    private async Task Save(WebhookEndpoint endpoint, int count, CancellationToken ct)
    {
        endpoint.Replay(count);
        await db.SaveChangesAsync(ct);
        dispatcher.Notify([endpoint.Id]);
    }

    private static long After(string? cursor) =>
        string.IsNullOrEmpty(cursor) ? 0
        : long.TryParse(new PageQuery(Cursor: cursor).After(), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
        : throw Invalid.Field("cursor", "cursor was not returned by this call. Start again without a cursor.");
}

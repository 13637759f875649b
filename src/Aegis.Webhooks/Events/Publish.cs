namespace Aegis.Webhooks.Events;

/// <summary>
/// Stores each event for its organizations and queues a delivery for every endpoint that subscribes to it. The relay's receipts and the
/// counts are part of the same save. So each event is published once, and sequence numbers follow the commit order.
/// </summary>
internal sealed class Publish(
    WebhooksDb db, EventCatalog catalog, Dispatcher dispatcher, NewEvents arrivals, IUserRights rights, TimeProvider clock) : IHandleMany
{
    public const string Name = "Publish"; // receipts are stored under it

    private readonly HashSet<string> queued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EventCount> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organization, string Object), ObjectCount> objectCounts = [];
    private ILookup<string, Subscription> subscriptions =
        Array.Empty<Subscription>().ToLookup(s => s.OrganizationId, StringComparer.Ordinal);

    public async Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct)
    {
        var earlier = await db.TakeEarlier(Name, catalog, events, clock.GetUtcNow(), ct);
        var all = earlier.Concat(events).OrderBy(e => e.Id, StringComparer.Ordinal).ToList();
        await Load(all, ct);
        foreach (var one in all) Store(one);
        db.SavedChanges += (_, _) =>
        {
            dispatcher.Notify(queued);
            foreach (var organization in counts.Keys) arrivals.Announce(organization);
        };
    }

    /// <summary>
    /// Loads counts and endpoints of all organizations concerned. Pending endpoints are included; their deliveries wait for the ping.
    /// </summary>
    private async Task Load(List<ToldEvent> events, CancellationToken ct)
    {
        var organizations = events.SelectMany(e => e.Happened.Organizations).Distinct(StringComparer.Ordinal).ToList();
        var objects = events.Select(e => e.Happened.ObjectId).Distinct(StringComparer.Ordinal).ToList();
        foreach (var count in await db.Counts.Where(c => organizations.Contains(c.OrganizationId)).ToListAsync(ct))
            counts[count.OrganizationId] = count;
        foreach (var count in await db.ObjectCounts.Where(c => organizations.Contains(c.OrganizationId) && objects.Contains(c.ObjectId))
            .ToListAsync(ct))
            objectCounts[(count.OrganizationId, count.ObjectId)] = count;
        var endpoints = await db.Endpoints.AsNoTracking()
            .Where(e => organizations.Contains(e.OrganizationId) && e.Status != EndpointStatus.Disabled)
            .Select(e => new { e.OrganizationId, e.Id, e.Events, e.OwnerUserId }).ToListAsync(ct);
        var rightsOf = await rights.Of(endpoints.Select(e => e.OwnerUserId).OfType<string>().Distinct(StringComparer.Ordinal).ToList(), ct);
        subscriptions = endpoints
            .Select(e => new Subscription(e.OrganizationId, e.Id, e.Events, e.OwnerUserId is { } owner ? rightsOf[owner] : null))
            .ToLookup(s => s.OrganizationId, StringComparer.Ordinal);
    }

    private void Store(ToldEvent told)
    {
        var happened = told.Happened;
        if (EventTypes.Published.Of(happened) is not { } type) return;
        foreach (var organization in happened.Organizations.Distinct(StringComparer.Ordinal))
        {
            var sequence = NextSequence(organization);
            var data = type.DataOf(happened, NextSequence(organization, happened.ObjectId));
            db.Events.Add(new PublishedEvent
            {
                OrganizationId = organization,
                Sequence = sequence,
                EventId = told.Id,
                Type = type.Name,
                At = told.OccurredAt,
                Data = data,
            });
            // an endpoint does not receive events about itself
            foreach (var endpoint in subscriptions[organization].Where(s => s.Receives(type) && s.EndpointId != happened.ObjectId))
            {
                var now = clock.GetUtcNow();
                db.Deliveries.Add(
                    Delivery.Queue(Ids.New("dlv", now), organization, endpoint.EndpointId, told.Id, sequence, type.Name, now));
                queued.Add(endpoint.EndpointId);
            }
        }
    }

    private long NextSequence(string organization)
    {
        if (!counts.TryGetValue(organization, out var count))
            db.Counts.Add(counts[organization] = count = new EventCount { OrganizationId = organization });
        return ++count.Last;
    }

    private long NextSequence(string organization, string objectId)
    {
        if (!objectCounts.TryGetValue((organization, objectId), out var count))
            db.ObjectCounts.Add(
                objectCounts[(organization, objectId)] = count = new ObjectCount { OrganizationId = organization, ObjectId = objectId });
        return ++count.Last;
    }

    /// <param name="OrganizationId">Organization that owns the endpoint.</param>
    /// <param name="EndpointId">whk_….</param>
    /// <param name="Events">Names and patterns it subscribes to.</param>
    /// <param name="Rights">Scopes that the owner has now; null if no owner is known, and then the endpoint receives every event.</param>
    private sealed record Subscription(string OrganizationId, string EndpointId, string Events, IReadOnlySet<string>? Rights)
    {
        private readonly string[] patterns = Events.Split(' ');

        public bool Receives(EventType type) =>
            patterns.Any(p => EventTypes.Matches(p, type.Name)) && Rights?.Contains(type.Scope) is not false;
    }
}

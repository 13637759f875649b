namespace Aegis.Webhooks.Events;

/// <summary>
/// Writes events down for each of their organizations and queues one delivery for each of their endpoints that listens. The receipts of the
/// relay and the counts are in the same save: an event is told once, and its place is given in the order of commits.
/// </summary>
internal sealed class Publish(
    WebhooksDb db, EventCatalog catalog, Dispatcher dispatcher, NewEvents arrivals, IUserRights rights, TimeProvider clock) : IHandleMany
{
    public const string Name = "Publish"; // receipts are stored under it

    private readonly HashSet<string> queued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EventCount> counts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Organization, string Object), ObjectCount> objectCounts = [];
    private ILookup<string, Listening> listening = Array.Empty<Listening>().ToLookup(l => l.OrganizationId, StringComparer.Ordinal);

    public async Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct)
    {
        var earlier = await db.TakeEarlier(Name, catalog, events, clock.GetUtcNow(), ct);
        var all = earlier.Concat(events).OrderBy(e => e.Id, StringComparer.Ordinal).ToList();
        await Load(all, ct);
        foreach (var one in all) Tell(one);
        db.SavedChanges += (_, _) =>
        {
            dispatcher.Look(queued);
            foreach (var organization in counts.Keys) arrivals.Tell(organization);
        };
    }

    /// <summary>
    /// Reads the counts and the endpoints of everybody concerned. Those that are pending too: what is queued waits for their ping.
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
        listening = endpoints
            .Select(e => new Listening(e.OrganizationId, e.Id, e.Events, e.OwnerUserId is { } owner ? rightsOf[owner] : null))
            .ToLookup(l => l.OrganizationId, StringComparer.Ordinal);
    }

    private void Tell(ToldEvent told)
    {
        var happened = told.Happened;
        if (EventTypes.Published.Of(happened) is not { } type) return;
        foreach (var organization in happened.Organizations.Distinct(StringComparer.Ordinal))
        {
            var sequence = Count(organization);
            var data = type.DataOf(happened, Count(organization, happened.ObjectId));
            db.Events.Add(new PublishedEvent
            {
                OrganizationId = organization,
                Sequence = sequence,
                EventId = told.Id,
                Type = type.Name,
                At = told.OccurredAt,
                Data = data,
            });
            // none is told of its own trouble
            foreach (var endpoint in listening[organization].Where(l => l.Hears(type) && l.EndpointId != happened.ObjectId))
            {
                var now = clock.GetUtcNow();
                db.Deliveries.Add(
                    Delivery.Queue(Ids.New("dlv", now), organization, endpoint.EndpointId, told.Id, sequence, type.Name, now));
                queued.Add(endpoint.EndpointId);
            }
        }
    }

    private long Count(string organization)
    {
        if (!counts.TryGetValue(organization, out var count))
            db.Counts.Add(counts[organization] = count = new EventCount { OrganizationId = organization });
        return ++count.Last;
    }

    private long Count(string organization, string objectId)
    {
        if (!objectCounts.TryGetValue((organization, objectId), out var count))
            db.ObjectCounts.Add(
                objectCounts[(organization, objectId)] = count = new ObjectCount { OrganizationId = organization, ObjectId = objectId });
        return ++count.Last;
    }

    /// <param name="OrganizationId">Whose it is.</param>
    /// <param name="EndpointId">whk_….</param>
    /// <param name="Events">What it listens to.</param>
    /// <param name="Rights">What its owner may do now; null when nobody is known to own it.</param>
    private sealed record Listening(string OrganizationId, string EndpointId, string Events, IReadOnlySet<string>? Rights)
    {
        private readonly string[] patterns = Events.Split(' ');

        public bool Hears(EventType type) =>
            patterns.Any(p => EventTypes.Matches(p, type.Name)) && Rights?.Contains(type.Scope) is not false;
    }
}

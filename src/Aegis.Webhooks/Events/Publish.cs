using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Webhooks.Deliveries;
using Aegis.Webhooks.Endpoints;
using Aegis.Webhooks.Persistence;
using Aegis.Webhooks.Sending;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Webhooks.Events;

/// <summary>
/// Writes an event down for each of its organizations and queues one delivery for each of their endpoints that listens. The receipt of the relay
/// and the counts are in the same save: an event is told once, and its place is given in the order of commits.
/// </summary>
internal sealed class Publish(WebhooksDb db, EventCatalog catalog, EventAtHand atHand, Dispatcher dispatcher, NewEvents arrivals, TimeProvider clock)
    : IHandle<IEvent>
{
    private readonly List<string> queued = [];

    public async Task Handle(IEvent happened, CancellationToken ct)
    {
        foreach (var earlier in await db.TakeEarlier<Publish>(catalog, atHand, happened.ObjectId, clock.GetUtcNow(), ct)) await Tell(earlier, ct);
        await Tell(new WaitingEvent(atHand.Id, atHand.OccurredAt, happened), ct);
        db.SavedChanges += (_, _) =>
        {
            dispatcher.Look(queued);
            foreach (var organization in happened.Organizations) arrivals.Tell(organization);
        };
    }

    private async Task Tell(WaitingEvent waiting, CancellationToken ct)
    {
        var happened = waiting.Happened;
        if (EventTypes.Published.All.FirstOrDefault(t => t.Source == happened.GetType()) is not { } type) return;
        foreach (var organization in happened.Organizations.Distinct(StringComparer.Ordinal))
        {
            var sequence = await Count(organization, ct);
            var data = type.DataOf(happened, await Count(organization, happened.ObjectId, ct));
            db.Events.Add(new PublishedEvent
            {
                OrganizationId = organization, Sequence = sequence, EventId = waiting.Id, Type = type.Name, At = waiting.OccurredAt, Data = data,
            });
            foreach (var endpoint in await Listening(organization, type.Name, happened.ObjectId, ct))
            {
                db.Deliveries.Add(Delivery.Queue(Ids.New("dlv", clock.GetUtcNow()), organization, endpoint, waiting.Id, sequence, type.Name, clock.GetUtcNow()));
                queued.Add(endpoint);
            }
        }
    }

    /// <summary>The endpoints that hear of it. Those that are pending too: what is queued waits for their ping. An endpoint is not told of its own trouble.</summary>
    private async Task<IEnumerable<string>> Listening(string organization, string name, string objectId, CancellationToken ct)
    {
        var endpoints = await db.Endpoints.AsNoTracking()
            .Where(e => e.OrganizationId == organization && e.Status != EndpointStatus.Disabled && e.Id != objectId)
            .Select(e => new { e.Id, e.Events }).ToListAsync(ct);
        return endpoints.Where(e => e.Events.Split(' ').Any(p => EventTypes.Matches(p, name))).Select(e => e.Id);
    }

    private async Task<long> Count(string organization, CancellationToken ct)
    {
        var count = db.Counts.Local.FirstOrDefault(c => c.OrganizationId == organization) ?? await db.Counts.FirstOrDefaultAsync(c => c.OrganizationId == organization, ct);
        if (count is null) db.Counts.Add(count = new EventCount { OrganizationId = organization });
        return ++count.Last;
    }

    private async Task<long> Count(string organization, string objectId, CancellationToken ct)
    {
        var count = db.ObjectCounts.Local.FirstOrDefault(c => c.OrganizationId == organization && c.ObjectId == objectId)
            ?? await db.ObjectCounts.FirstOrDefaultAsync(c => c.OrganizationId == organization && c.ObjectId == objectId, ct);
        if (count is null) db.ObjectCounts.Add(count = new ObjectCount { OrganizationId = organization, ObjectId = objectId });
        return ++count.Last;
    }
}

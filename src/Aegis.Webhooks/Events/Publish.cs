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
internal sealed class Publish(WebhooksDb db, EventAtHand atHand, Dispatcher dispatcher, NewEvents arrivals, TimeProvider clock) : IHandle<IEvent>
{
    public async Task Handle(IEvent happened, CancellationToken ct)
    {
        var type = EventTypes.Published.All.First(t => t.Source == happened.GetType());
        var queued = new List<string>();
        foreach (var organization in happened.Organizations.Distinct(StringComparer.Ordinal))
        {
            var sequence = await Count(organization, ct);
            var data = type.DataOf(happened, await Count(organization, happened.ObjectId, ct));
            db.Events.Add(new PublishedEvent
            {
                OrganizationId = organization, Sequence = sequence, EventId = atHand.Id, Type = type.Name, At = atHand.OccurredAt, Data = data,
            });
            foreach (var endpoint in await Listening(organization, type.Name, happened.ObjectId, ct))
            {
                db.Deliveries.Add(Delivery.Queue(Ids.New("dlv", clock.GetUtcNow()), organization, endpoint, atHand.Id, sequence, type.Name, clock.GetUtcNow()));
                queued.Add(endpoint);
            }
        }

        db.SavedChanges += (_, _) =>
        {
            dispatcher.Look(queued);
            foreach (var organization in happened.Organizations) arrivals.Tell(organization);
        };
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
        var count = await db.Counts.FirstOrDefaultAsync(c => c.OrganizationId == organization, ct);
        if (count is null) db.Counts.Add(count = new EventCount { OrganizationId = organization });
        return ++count.Last;
    }

    private async Task<long> Count(string organization, string objectId, CancellationToken ct)
    {
        var count = await db.ObjectCounts.FirstOrDefaultAsync(c => c.OrganizationId == organization && c.ObjectId == objectId, ct);
        if (count is null) db.ObjectCounts.Add(count = new ObjectCount { OrganizationId = organization, ObjectId = objectId });
        return ++count.Last;
    }
}

using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Kernel.Events;

/// <summary>An event that waits, read.</summary>
public sealed record WaitingEvent(string Id, DateTimeOffset OccurredAt, IEvent Happened);

/// <summary>
/// The relay hands events over in the order of their ids but for those that failed, or that a host had claimed when it died. A handler for which the order
/// within an object matters takes these along.
/// </summary>
public static class EarlierEvents
{
    private const int Most = 100;

    /// <summary>
    /// The events of the same object that happened before the one at hand and that this handler has not had yet, oldest first. Their receipts go into the
    /// same save.
    /// </summary>
    public static async Task<IReadOnlyList<WaitingEvent>> TakeEarlier<THandler>(
        this ModuleDb db, EventCatalog catalog, EventAtHand atHand, string objectId, DateTimeOffset now, CancellationToken ct)
    {
        var handler = typeof(THandler).Name;
        var rows = await db.Set<OutboxRow>().AsNoTracking()
            .Where(r => r.ObjectId == objectId && r.State == OutboxState.Waiting && string.Compare(r.Id, atHand.Id) < 0
                && !db.Set<InboxRow>().Any(i => i.EventId == r.Id && i.Handler == handler))
            .OrderBy(r => r.Id).Take(Most).ToListAsync(ct);
        var taken = new List<WaitingEvent>();
        foreach (var row in rows)
        {
            if (catalog.Read(row.Name, row.Body) is not { } happened) continue;
            db.Add(new InboxRow { EventId = row.Id, Handler = handler, HandledAt = now });
            taken.Add(new WaitingEvent(row.Id, row.OccurredAt, happened));
        }

        return taken;
    }
}

namespace Aegis.Kernel.Events;

/// <summary>
/// The relay hands events over in the order of their ids but for those that failed, or that a host had claimed when it died. A handler for
/// which the order within an object matters takes these along.
/// </summary>
public static class EarlierEvents
{
    private const int Page = 200;
    private const int MaxCount = 5_000; // bounds one save; it takes as many failures of one object's events to come so far

    /// <summary>
    /// The events of the same objects that happened before those at hand and that this handler has not had yet, oldest first. Their
    /// receipts go into the same save.
    /// </summary>
    /// <param name="db">The database that keeps the handler's receipts.</param>
    /// <param name="handler">The name under which the handler is registered.</param>
    /// <param name="catalog">Reads stored events.</param>
    /// <param name="atHand">The events that the handler was given.</param>
    /// <param name="now">The time of the receipts.</param>
    /// <param name="ct">Stops the search.</param>
    public static async Task<IReadOnlyList<ToldEvent>> TakeEarlier(
        this ModuleDb db, string handler, EventCatalog catalog, IReadOnlyList<ToldEvent> atHand, DateTimeOffset now, CancellationToken ct)
    {
        var objects = atHand.Select(e => e.Happened.ObjectId).Distinct(StringComparer.Ordinal).ToList();
        var last = atHand.GroupBy(e => e.Happened.ObjectId, StringComparer.Ordinal)
            .ToDictionary(o => o.Key, o => o.Select(e => e.Id).Max(StringComparer.Ordinal)!, StringComparer.Ordinal);
        var mine = atHand.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var newest = last.Values.Max(StringComparer.Ordinal)!;
        var (taken, after, isLast) = (new List<ToldEvent>(), "", false);
        while (!isLast && taken.Count < MaxCount)
        {
            var rows = await db.Set<OutboxRow>().AsNoTracking()
                .Where(r => objects.Contains(r.ObjectId) && r.State == OutboxState.Waiting && string.Compare(r.Id, after) > 0
                    && string.Compare(r.Id, newest) < 0
                    && !db.Set<InboxRow>().Any(i => i.EventId == r.Id && i.Handler == handler))
                .OrderBy(r => r.Id).Take(Page).ToListAsync(ct);
            foreach (var row in rows.Where(r => !mine.Contains(r.Id) && string.CompareOrdinal(r.Id, last[r.ObjectId]) < 0))
            {
                if (Read(catalog, row) is not { } happened) continue;
                db.Add(new InboxRow { EventId = row.Id, Handler = handler, HandledAt = now });
                taken.Add(new ToldEvent(row.Id, row.OccurredAt, happened));
            }

            isLast = rows.Count < Page;
            if (!isLast) after = rows[^1].Id;
        }

        return taken;
    }

    /// <summary>Null also for one that cannot be read: the relay says so, and those behind it do not wait.</summary>
    private static IEvent? Read(EventCatalog catalog, OutboxRow row)
    {
        try
        {
            return catalog.Read(row.Name, row.Body);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

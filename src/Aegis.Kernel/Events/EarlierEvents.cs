namespace Aegis.Kernel.Events;

/// <summary>
/// The relay delivers events in the order of their ids, except those that failed or whose host died after claiming them. A handler that
/// needs the order within an object uses this to handle such earlier events first.
/// </summary>
public static class EarlierEvents
{
    private const int Page = 200;
    private const int MaxCount = 5_000; // limits one save; only as many failed events of the same objects could exceed it

    /// <summary>
    /// Returns the earlier events of the same objects that this handler has not handled, oldest first. Adds their receipts to the context,
    /// for the same save.
    /// </summary>
    /// <param name="db">The database with the handler's receipts.</param>
    /// <param name="handler">The name that the handler is registered with.</param>
    /// <param name="catalog">Reads stored events.</param>
    /// <param name="given">The events that the handler was given.</param>
    /// <param name="now">The time of the receipts.</param>
    /// <param name="ct">Stops the search.</param>
    public static async Task<IReadOnlyList<ToldEvent>> TakeEarlier(
        this ModuleDb db, string handler, EventCatalog catalog, IReadOnlyList<ToldEvent> given, DateTimeOffset now, CancellationToken ct)
    {
        var objects = given.Select(e => e.Happened.ObjectId).Distinct(StringComparer.Ordinal).ToList();
        var last = given.GroupBy(e => e.Happened.ObjectId, StringComparer.Ordinal)
            .ToDictionary(o => o.Key, o => o.Select(e => e.Id).Max(StringComparer.Ordinal)!, StringComparer.Ordinal);
        var mine = given.Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
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

    /// <summary>Returns null also for an unreadable event. The relay logs it, and later events do not wait for it.</summary>
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

namespace Aegis.Kernel.Events;

/// <summary>Delivers claimed events to their handlers. A failure of one handler or one event does not affect the others.</summary>
internal sealed class HandOver(
    IServiceScopeFactory scopes, Listeners listeners, EventCatalog catalog, TimeProvider clock, ILogger<HandOver> log)
{
    private const int MaxAttempts = 8; // per claim

    /// <summary>Delivers a batch to all handlers.</summary>
    /// <returns>The failures, by event id.</returns>
    public async Task<IReadOnlyDictionary<string, string>> Dispatch(IReadOnlyList<OutboxRow> rows, CancellationToken ct)
    {
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        var events = rows.Select(Read).OfType<EventDelivery>().OrderBy(e => e.Event.Id, StringComparer.Ordinal).ToList();
        foreach (var handler in listeners.TakingOne)
        {
            foreach (var one in events.Where(e => handler.Events.Contains(e.Event.Happened.GetType())))
                await Try(handler, [one], failures, ct);
        }

        foreach (var handler in listeners.TakingMany)
        {
            var many = events.FindAll(e => handler.Events.Contains(e.Event.Happened.GetType()));
            if (many.Count > 0) await Try(handler, many, failures, ct);
        }

        if (log.IsEnabled(LogLevel.Debug)) rows.ToList().ForEach(LogHandled);
        return failures;

        void LogHandled(OutboxRow row)
        {
            var handlers = events.Find(e => e.Event.Id == row.Id) is { } read
                ? listeners.All.Count(h => h.Events.Contains(read.Event.Happened.GetType())) : 0;
            Log.EventHandled(log, row.Name, row.Id, row.ObjectId, handlers, failures.GetValueOrDefault(row.Id, "done"));
        }

        EventDelivery? Read(OutboxRow row)
        {
            try
            {
                return catalog.Read(row.Name, row.Body) is { } happened
                    ? new EventDelivery(new ToldEvent(row.Id, row.OccurredAt, happened), IsFirst: row.Attempts == 0)
                    : null;
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                Log.EventUnreadable(log, row.Id, row.Name, e);
                failures[row.Id] = e.GetType().Name; // a newer version may have written it, and can read it once this host is updated
                return null;
            }
        }
    }

    private async Task Try(
        HandlerRegistration handler, List<EventDelivery> events, Dictionary<string, string> failures, CancellationToken ct)
    {
        try
        {
            await Deliver(handler, events, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Log.HandlerFailed(log, handler.Name, events[0].Event.Id, events.Count, e);
            if (events.Count == 1)
            {
                failures[events[0].Event.Id] = e.GetType().Name;
                return;
            }

            // deliver one by one, so that one bad event does not block the others
            foreach (var one in events) await Try(handler, [one], failures, ct);
        }
    }

    /// <summary>
    /// Retries at once after a conflict. Two hosts may update the same row, or may have claimed the same event one after the other.
    /// </summary>
    private async Task Deliver(HandlerRegistration handler, List<EventDelivery> events, CancellationToken ct)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await HandlerCall.Run(handler.Name, () => handler.Deliver(scope.ServiceProvider, events, clock.GetUtcNow(), ct));
                return;
            }
            catch (DbUpdateException e)
                when (turn < MaxAttempts && (e is DbUpdateConcurrencyException || e.IsUniqueViolation() || e.IsDeadlock()))
            {
                Log.HandledAgain(log, handler.Name, events[0].Event.Id);
                events = [.. events.Select(one => one with { IsFirst = false })]; // the conflict may be with an existing receipt
            }
        }
    }
}

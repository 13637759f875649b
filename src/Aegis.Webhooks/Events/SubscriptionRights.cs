namespace Aegis.Webhooks.Events;

/// <summary>
/// Which events a caller may subscribe an endpoint to: only those it may read, because it chooses the address or sees the secret.
/// </summary>
internal static class SubscriptionRights
{
    /// <summary>
    /// Returns the events to store for a request. A pattern of which the caller may read only a part becomes the names it may read. A name
    /// that the caller may not read, or a pattern with no readable event, is refused.
    /// </summary>
    public static IReadOnlyList<string> Expand(Caller caller, IReadOnlyList<string> requested)
    {
        var events = new List<string>();
        foreach (var pattern in requested)
        {
            var all = EventTypes.Published.Matching(pattern).ToList();
            var readable = all.FindAll(t => RefusalOf(caller, t) is null);
            if (readable.Count == 0) throw RefusalOf(caller, all[0])!;
            if (readable.Count == all.Count) events.Add(pattern);
            else events.AddRange(readable.Select(t => t.Name));
        }

        return events.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Refuses a caller that may not read every one of these events.</summary>
    public static void Require(Caller caller, IReadOnlyList<string> events)
    {
        foreach (var type in events.SelectMany(EventTypes.Published.Matching))
        {
            if (RefusalOf(caller, type) is { } refusal) throw refusal;
        }
    }

    private static RefusedException? RefusalOf(Caller caller, EventType type)
    {
        if (!caller.Has(type.Scope))
        {
            return caller.Withheld?.Contains(type.Scope) is true
                ? StepUp.Refusal()
                : Refuse.Forbidden("missing_scope",
                        $"A subscription to '{type.Name}' needs the scope '{type.Scope}'. Use a key that has it, or leave this event out.")
                    .With("required_permission", type.Scope);
        }

        return caller.Partners is not null && type.IsOfPartners
            ? Refuse.Forbidden("key_narrowed",
                $"An endpoint receives '{type.Name}' of all partners, and this key is limited to some. Use GET /v1/events, or a key for "
                    + "all partners.")
            : null;
    }
}

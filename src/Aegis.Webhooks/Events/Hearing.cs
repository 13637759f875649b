namespace Aegis.Webhooks.Events;

/// <summary>
/// Which events a caller may have sent to an address: those that it may read itself, since it chooses the address or is shown its secret.
/// </summary>
internal static class Hearing
{
    /// <summary>
    /// The events to store for what a caller asked for. A pattern that the caller may read in part becomes the names that it may read; a
    /// name that it may not read, or a pattern of which nothing is left, is refused.
    /// </summary>
    public static IReadOnlyList<string> Expand(Caller caller, IReadOnlyList<string> asked)
    {
        var events = new List<string>();
        foreach (var pattern in asked)
        {
            var all = EventTypes.Published.Matching(pattern).ToList();
            var heard = all.FindAll(t => Obstacle(caller, t) is null);
            if (heard.Count == 0) throw Obstacle(caller, all[0])!;
            if (heard.Count == all.Count) events.Add(pattern);
            else events.AddRange(heard.Select(t => t.Name));
        }

        return events.Distinct(StringComparer.Ordinal).ToList();
    }

    /// <summary>Refuses a caller that may not read all of what an endpoint hears.</summary>
    public static void Require(Caller caller, IReadOnlyList<string> events)
    {
        foreach (var type in events.SelectMany(EventTypes.Published.Matching))
        {
            if (Obstacle(caller, type) is { } obstacle) throw obstacle;
        }
    }

    private static RefusedException? Obstacle(Caller caller, EventType type)
    {
        if (!caller.Has(type.Scope))
        {
            return caller.Withheld?.Contains(type.Scope) is true
                ? StepUp.Refusal()
                : Refuse.Forbidden("missing_scope", $"Listening to '{type.Name}' needs the scope '{type.Scope}'.")
                    .With("required_permission", type.Scope);
        }

        return caller.Partners is not null && type.IsOfPartners
            ? Refuse.Forbidden("key_narrowed",
                $"An endpoint hears '{type.Name}' of all partners, and this key is narrowed to some. Use GET /v1/events, or a key for all "
                    + "of them.")
            : null;
    }
}

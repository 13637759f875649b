namespace Aegis.Audit.Trail;

/// <summary>One entry of the audit trail, limited to what the organization may see.</summary>
/// <param name="Id">log_….</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind"><c>call</c> or <c>event</c>.</param>
/// <param name="Action">The name of an event, or method and route of a call.</param>
/// <param name="Object">Id of the object, or null.</param>
/// <param name="Outcome"><c>success</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Code">Code of the refusal; null for entries of the other party.</param>
/// <param name="Organization">Your organization if it acted; null for Aegis itself and for the other party.</param>
/// <param name="Actor">Who acted; null for Aegis itself and for the other party.</param>
/// <param name="Details">More details; null for entries of the other party.</param>
internal sealed record AuditItem(
    string Id,
    DateTimeOffset At,
    string Kind,
    string Action,
    string? Object,
    string Outcome,
    string? Code,
    string? Organization,
    AuditActor? Actor,
    IReadOnlyDictionary<string, JsonElement>? Details)
{
    /// <summary>
    /// The entry as this organization sees it. Of the other party's actions it sees only action, object, time and outcome.
    /// </summary>
    public static AuditItem From(AuditFact fact, string organizationId) =>
        EntryOwner.SeesAll(fact, organizationId)
            ? new AuditItem(
                fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, fact.Code, fact.Actor?.Organization, fact.Actor,
                fact.Details)
            : new AuditItem(fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, null, null, null, null);
}

/// <summary>Decides who may see an entry.</summary>
internal static class EntryVisibility
{
    private static readonly string[] PartnerObjects = ["req_", "trf_", "prt_"];

    /// <summary>
    /// Whether a caller may see the entry: it may involve only the caller's organization, the platform, and partners the caller may deal
    /// with.
    /// </summary>
    public static bool IsVisibleTo(this AuditFact fact, Caller caller) => fact.Organizations.All(o => IsOpen(o, caller));

    /// <summary>
    /// Selects the entries that a caller may see. A call names only the organization that made it. For a key that is limited to partners,
    /// the parties are therefore taken from the object: every event of a request, transfer or partnership names both. A call about an
    /// object without any event is not shown.
    /// </summary>
    /// <param name="facts">Entries of the caller's organization.</param>
    /// <param name="caller">The caller that reads.</param>
    /// <param name="db">The log.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    public static async Task<List<AuditFact>> VisibleTo(this IEnumerable<AuditFact> facts, Caller caller, AuditDb db, CancellationToken ct)
    {
        var open = facts.Where(f => f.IsVisibleTo(caller)).ToList();
        if (caller.Partners is null) return open;

        var objects = open.Where(IsBetweenPartners).Select(f => f.Object!).Distinct(StringComparer.Ordinal).ToList();
        if (objects.Count == 0) return open;
        var first = await db.Owners.AsNoTracking()
            .Where(o => o.OrganizationId == caller.OrganizationId && objects.Contains(o.Object!) && o.Kind == AuditFact.Event)
            .GroupBy(o => o.Object!).Select(g => g.Min(o => o.Sequence)).ToListAsync(ct);
        var bodies = await db.Entries.AsNoTracking().Where(e => first.Contains(e.Sequence)).Select(e => e.Body).ToListAsync(ct);
        var shown = bodies.Select(b => AuditFact.FromBytes(b)).Where(f => f.IsVisibleTo(caller))
            .Select(f => f.Object!).ToHashSet(StringComparer.Ordinal);
        return open.FindAll(f => !IsBetweenPartners(f) || shown.Contains(f.Object!));
    }

    private static bool IsOpen(string organization, Caller caller) =>
        organization == caller.OrganizationId || organization == Caller.Platform || caller.MayDealWith(organization);

    private static bool IsBetweenPartners(AuditFact fact) =>
        fact.Kind != AuditFact.Event && fact.Object is { } id && PartnerObjects.Any(p => id.StartsWith(p, StringComparison.Ordinal));
}

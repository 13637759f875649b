namespace Aegis.Audit.Trail;

/// <summary>One entry of the audit trail, as much of it as the organization may see.</summary>
/// <param name="Id">log_….</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind"><c>call</c> or <c>event</c>.</param>
/// <param name="Action">An event name, or method and route of a call.</param>
/// <param name="Object">Id of the object, or null.</param>
/// <param name="Outcome"><c>success</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Code">The refusal's code; null for the other party's entries.</param>
/// <param name="Organization">The own organization when it acted; null for Aegis itself and for the other party.</param>
/// <param name="Actor">Who acted; null for Aegis itself and for the other party.</param>
/// <param name="Details">Further facts; null for the other party's entries.</param>
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
    /// <summary>The entry as this organization sees it: of the other party's acts only action, object, time and outcome.</summary>
    public static AuditItem From(AuditFact fact, string organizationId) =>
        EntryOwner.SeesAll(fact, organizationId)
            ? new AuditItem(
                fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, fact.Code, fact.Actor?.Organization, fact.Actor,
                fact.Details)
            : new AuditItem(fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, null, null, null, null);
}

/// <summary>Who may see an entry.</summary>
internal static class EntryVisibility
{
    private static readonly string[] PartnerObjects = ["req_", "trf_", "prt_"];

    /// <summary>
    /// Whether a caller may see it at all: the own organization's and the platform's part in it, and that of partners it may deal with.
    /// </summary>
    public static bool Concerns(this AuditFact fact, Caller caller) => fact.Organizations.All(o => IsOpen(o, caller));

    /// <summary>
    /// Which of these entries a caller may see. A call names the organization that made it and no other party, so for a key that is
    /// narrowed to partners the parties are those of the object: every event of a request, transfer or partnership names both. A call
    /// about one that has no event is not shown.
    /// </summary>
    /// <param name="facts">Entries of the caller's organization.</param>
    /// <param name="caller">Who looks.</param>
    /// <param name="db">The log.</param>
    /// <param name="ct">Ends the call early.</param>
    public static async Task<List<AuditFact>> Concerning(this IEnumerable<AuditFact> facts, Caller caller, AuditDb db, CancellationToken ct)
    {
        var open = facts.Where(f => f.Concerns(caller)).ToList();
        if (caller.Partners is null) return open;

        var objects = open.Where(IsBetweenPartners).Select(f => f.Object!).Distinct(StringComparer.Ordinal).ToList();
        if (objects.Count == 0) return open;
        var first = await db.Owners.AsNoTracking()
            .Where(o => o.OrganizationId == caller.OrganizationId && objects.Contains(o.Object!) && o.Kind == AuditFact.Event)
            .GroupBy(o => o.Object!).Select(g => g.Min(o => o.Sequence)).ToListAsync(ct);
        var bodies = await db.Entries.AsNoTracking().Where(e => first.Contains(e.Sequence)).Select(e => e.Body).ToListAsync(ct);
        var shown = bodies.Select(b => AuditFact.FromBytes(b)).Where(f => f.Concerns(caller))
            .Select(f => f.Object!).ToHashSet(StringComparer.Ordinal);
        return open.FindAll(f => !IsBetweenPartners(f) || shown.Contains(f.Object!));
    }

    private static bool IsOpen(string organization, Caller caller) =>
        organization == caller.OrganizationId || organization == Caller.Platform || caller.MayDealWith(organization);

    private static bool IsBetweenPartners(AuditFact fact) =>
        fact.Kind != AuditFact.Event && fact.Object is { } id && PartnerObjects.Any(p => id.StartsWith(p, StringComparison.Ordinal));
}

using System.Text.Json;
using Aegis.Audit.Sequencing;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Callers;

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
                fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, fact.Code, fact.Actor?.Organization, fact.Actor, fact.Details)
            : new AuditItem(fact.Id, fact.At, fact.Kind, fact.Action, fact.Object, fact.Outcome, null, null, null, null);
}

/// <summary>Who may see an entry.</summary>
internal static class Concern
{
    /// <summary>Whether a caller may see it at all: the own organization's and the platform's part in it, and that of partners it may deal with.</summary>
    public static bool Concerns(this AuditFact fact, Caller caller) =>
        fact.Organizations.All(o => o == caller.OrganizationId || o == Caller.Platform || caller.MayDealWith(o));
}

namespace Aegis.Contracts.Identity;

[Event("partnership.created")]
public sealed record PartnershipCreated(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A partnership was proposed again after its last proposal was declined or withdrawn.</summary>
[Event("partnership.proposed_again")]
public sealed record PartnershipProposedAgain(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("partnership.approved")]
public sealed record PartnershipApproved(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("partnership.declined")]
public sealed record PartnershipDeclined(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("partnership.withdrawn")]
public sealed record PartnershipWithdrawn(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

/// <param name="ObjectId">The partnership.</param>
/// <param name="ConsumerId">The organization that requests studies.</param>
/// <param name="ProviderId">The organization that provides studies.</param>
/// <param name="Organizations">Both parties.</param>
/// <param name="Reason"><c>manual</c> or <c>baa_expired</c>.</param>
[Event("partnership.suspended")]
public sealed record PartnershipSuspended(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations, string Reason = "manual") : IEvent;

[Event("partnership.resumed")]
public sealed record PartnershipResumed(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

/// <param name="ObjectId">The partnership.</param>
/// <param name="OrganizationId">The organization whose agreement was renewed.</param>
/// <param name="Until">The new last day.</param>
/// <param name="Organizations">Both parties.</param>
[Event("partnership.baa_renewed")]
public sealed record PartnershipBaaRenewed(
    string ObjectId, string OrganizationId, DateOnly Until, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A business associate agreement ends soon. Raised 30, 7 and 1 days before the earlier of both agreements ends.</summary>
/// <param name="ObjectId">The partnership.</param>
/// <param name="ConsumerId">The organization that requests studies.</param>
/// <param name="ProviderId">The organization that provides studies.</param>
/// <param name="Until">The last day of the agreement that ends first.</param>
/// <param name="DaysLeft">Days from today to that day.</param>
/// <param name="EndingFor">The organizations whose agreement ends then: one party or both.</param>
/// <param name="Organizations">Both parties.</param>
[Event("partnership.baa_expiring")]
public sealed record PartnershipBaaExpiring(
    string ObjectId, string ConsumerId, string ProviderId, DateOnly Until, int DaysLeft, IReadOnlyList<string> EndingFor,
    IReadOnlyList<string> Organizations) : IEvent;

using Aegis.Kernel.Events;

namespace Aegis.Contracts.Identity;

[Event("application.submitted")]
public sealed record ApplicationSubmitted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.review_started")]
public sealed record ApplicationReviewStarted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.approved")]
public sealed record ApplicationApproved(string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.rejected")]
public sealed record ApplicationRejected(string ObjectId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("claim.issued")]
public sealed record ClaimIssued(
    string ObjectId, string OrganizationId, string UserId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

[Event("claim.redeemed")]
public sealed record ClaimRedeemed(string ObjectId, string OrganizationId, string KeyId, IReadOnlyList<string> Organizations) : IEvent;

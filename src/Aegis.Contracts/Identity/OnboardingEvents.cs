namespace Aegis.Contracts.Identity;

[Event("application.submitted")]
public sealed record ApplicationSubmitted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.review_started")]
public sealed record ApplicationReviewStarted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.approved")]
public sealed record ApplicationApproved(string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.rejected")]
public sealed record ApplicationRejected(string ObjectId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("application.evidence_shredded")]
public sealed record ApplicationEvidenceShredded(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("claim.issued")]
public sealed record ClaimIssued(
    string ObjectId, string OrganizationId, string UserId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The mail server accepted the mail message with the claim link.</summary>
[Event("claim.mailed")]
public sealed record ClaimMailed(string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations) : IEvent;

/// <param name="ObjectId">The claim.</param>
/// <param name="OrganizationId">The organization of the claim.</param>
/// <param name="Reason"><c>refused</c>: the mail server refused it for good. <c>expired</c>: the claim expired before it was sent.</param>
/// <param name="Organizations">The organizations that can see it.</param>
[Event("claim.mail_failed")]
public sealed record ClaimMailFailed(string ObjectId, string OrganizationId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("claim.redeemed")]
public sealed record ClaimRedeemed(string ObjectId, string OrganizationId, string KeyId, IReadOnlyList<string> Organizations) : IEvent;

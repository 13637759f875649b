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

/// <summary>The mail server has the letter with the claim address.</summary>
[Event("claim.mailed")]
public sealed record ClaimMailed(string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations) : IEvent;

/// <param name="ObjectId">The claim.</param>
/// <param name="OrganizationId">Whose it is.</param>
/// <param name="Reason"><c>refused</c> by the mail server for good, or <c>expired</c> while it was tried.</param>
/// <param name="Organizations">Who sees it.</param>
[Event("claim.mail_failed")]
public sealed record ClaimMailFailed(string ObjectId, string OrganizationId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("claim.redeemed")]
public sealed record ClaimRedeemed(string ObjectId, string OrganizationId, string KeyId, IReadOnlyList<string> Organizations) : IEvent;

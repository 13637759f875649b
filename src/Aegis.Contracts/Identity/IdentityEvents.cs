namespace Aegis.Contracts.Identity;

[Event("organization.created")]
public sealed record OrganizationCreated(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.created")]
public sealed record UserCreated(string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations) : IEvent;

[Event("signing_key.created")]
public sealed record SigningKeyCreated(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("signing_key.distrusted")]
public sealed record SigningKeyDistrusted(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("key.created")]
public sealed record KeyCreated(string ObjectId, string Name, IReadOnlyList<string> Organizations) : IEvent;

[Event("key.revoked")]
public sealed record KeyRevoked(
    string ObjectId, string OrganizationId, IReadOnlyList<string> Organizations, string Reason = "manual") : IEvent;

[Event("key.rotated")]
public sealed record KeyRotated(
    string ObjectId, string SuccessorId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

[Event("key.exposed")]
public sealed record KeyExposed(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.renamed")]
public sealed record UserRenamed(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.role_changed")]
public sealed record UserRoleChanged(string ObjectId, string? Before, string? Role, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.disabled")]
public sealed record UserDisabled(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.enabled")]
public sealed record UserEnabled(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.removed")]
public sealed record UserRemoved(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.password_set")]
public sealed record UserPasswordSet(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.sign_in_failed")]
public sealed record UserSignInFailed(string ObjectId, DateTimeOffset? LockedUntil, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.invited")]
public sealed record UserInvited(
    string ObjectId, string InvitationId, DateTimeOffset ExpiresAt, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.invitation_accepted")]
public sealed record UserInvitationAccepted(string ObjectId, string InvitationId, IReadOnlyList<string> Organizations) : IEvent;

[Event("passkey.added")]
public sealed record PasskeyAdded(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

[Event("passkey.renamed")]
public sealed record PasskeyRenamed(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

[Event("passkey.removed")]
public sealed record PasskeyRemoved(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

[Event("invitation.mailed")]
public sealed record InvitationMailed(string ObjectId, string InvitationId, IReadOnlyList<string> Organizations) : IEvent;

[Event("invitation.mail_failed")]
public sealed record InvitationMailFailed(
    string ObjectId, string InvitationId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("user.linked")]
public sealed record UserLinked(string ObjectId, string Issuer, IReadOnlyList<string> Organizations) : IEvent;

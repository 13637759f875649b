namespace Aegis.Contracts.Identity;

[Event("session.created")]
public sealed record SessionCreated(
    string ObjectId, string UserId, int RiskScore, bool StepUpRequired, IReadOnlyList<string> Organizations, string? Client = null)
        : IEvent;

[Event("session.reassessed")]
public sealed record SessionReassessed(
    string ObjectId, string UserId, int RiskScore, bool StepUpRequired, IReadOnlyList<string> Organizations) : IEvent;

[Event("session.stepped_up")]
public sealed record SessionSteppedUp(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A signed-in person re-authenticated. <c>Methods</c> uses the names of RFC 8176.</summary>
[Event("session.proved")]
public sealed record SessionProved(string ObjectId, string UserId, string Methods, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Re-authentication failed. It may be someone with a stolen cookie.</summary>
[Event("session.proof_failed")]
public sealed record SessionProofFailed(string ObjectId, string UserId, string Methods, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A platform admin starts, requeues or deletes jobs in the dashboard. Saved before the change is made.</summary>
/// <param name="ObjectId">The session.</param>
/// <param name="UserId">The admin.</param>
/// <param name="Act">The change, for example <c>recurring/trigger</c>.</param>
/// <param name="Jobs">Job names or run ids.</param>
/// <param name="Organizations">The admin's organization.</param>
[Event("jobs.changed")]
public sealed record JobsChanged(
    string ObjectId, string UserId, string Act, IReadOnlyList<string> Jobs, IReadOnlyList<string> Organizations) : IEvent;

[Event("session.ended")]
public sealed record SessionEnded(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A refresh token was used a second time, so somebody has a copy. The login was ended.</summary>
[Event("session.refresh_reused")]
public sealed record RefreshReused(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

/// <param name="ObjectId">The device grant.</param>
/// <param name="UserId">The user who approved the program.</param>
/// <param name="Client">The program.</param>
/// <param name="Organizations">The user's organization.</param>
[Event("device.approved")]
public sealed record DeviceApproved(string ObjectId, string UserId, string Client, IReadOnlyList<string> Organizations) : IEvent;

[Event("device.denied")]
public sealed record DeviceDenied(string ObjectId, string UserId, string Client, IReadOnlyList<string> Organizations) : IEvent;

[Event("totp.enrolled")]
public sealed record TotpEnrolled(
    string ObjectId, IReadOnlyList<string> Organizations, string? KeyId = null, bool Replaced = false) : IEvent;

[Event("totp.reset")]
public sealed record TotpReset(string ObjectId, int SessionsEnded, IReadOnlyList<string> Organizations) : IEvent;

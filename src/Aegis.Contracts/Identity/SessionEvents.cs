using Aegis.Kernel.Events;

namespace Aegis.Contracts.Identity;

[Event("session.created")]
public sealed record SessionCreated(
    string ObjectId, string UserId, int RiskScore, bool StepUpRequired, IReadOnlyList<string> Organizations) : IEvent;

[Event("session.reassessed")]
public sealed record SessionReassessed(
    string ObjectId, string UserId, int RiskScore, bool StepUpRequired, IReadOnlyList<string> Organizations) : IEvent;

[Event("session.stepped_up")]
public sealed record SessionSteppedUp(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

[Event("session.ended")]
public sealed record SessionEnded(string ObjectId, string UserId, IReadOnlyList<string> Organizations) : IEvent;

[Event("totp.enrolled")]
public sealed record TotpEnrolled(
    string ObjectId, IReadOnlyList<string> Organizations, string? KeyId = null, bool Replaced = false) : IEvent;

[Event("totp.reset")]
public sealed record TotpReset(string ObjectId, int SessionsEnded, IReadOnlyList<string> Organizations) : IEvent;

namespace Aegis.Contracts.Studies;

[Event("request.created")]
public sealed record RequestCreated(string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("request.accepted")]
public sealed record RequestAccepted(string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("request.fulfilled")]
public sealed record RequestFulfilled(
    string ObjectId, string ConsumerId, string ProviderId, string TransferId, IReadOnlyList<string> Confirmed,
    // events of release 0.1.0 lack the last two members
    IReadOnlyList<string> Organizations, IReadOnlyList<string>? Findings = null, int FilesIgnored = 0) : IEvent;

[Event("request.declined")]
public sealed record RequestDeclined(
    string ObjectId, string ConsumerId, string ProviderId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("request.cancelled")]
public sealed record RequestCancelled(string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("request.details_shredded")]
public sealed record RequestDetailsShredded(
    string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("request.expired")]
public sealed record RequestExpired(string ObjectId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

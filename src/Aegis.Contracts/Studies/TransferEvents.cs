namespace Aegis.Contracts.Studies;

[Event("transfer.ready")]
public sealed record TransferReady(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.opened")]
public sealed record TransferOpened(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The first successful view. It happens once per transfer.</summary>
[Event("transfer.delivered")]
public sealed record TransferDelivered(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.viewed")]
public sealed record TransferViewed(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, int Views, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.acknowledged")]
public sealed record TransferAcknowledged(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.disputed")]
public sealed record TransferDisputed(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, string Reason, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.dispute_resolved")]
public sealed record TransferDisputeResolved(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, string By, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.suspended")]
public sealed record TransferSuspended(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

[Event("transfer.resumed")]
public sealed record TransferResumed(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The key is destroyed, so nothing can be opened any longer. The files are deleted next.</summary>
[Event("transfer.destroying")]
public sealed record TransferDestroying(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, string Reason, string By, IReadOnlyList<string> Organizations)
        : IEvent;

[Event("transfer.destroyed")]
public sealed record TransferDestroyed(
    string ObjectId, string RequestId, string ConsumerId, string ProviderId, string Reason, string By, IReadOnlyList<string> Organizations)
        : IEvent;

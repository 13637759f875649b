namespace Aegis.Contracts.Webhooks;

/// <summary>An organization registered an address for its events. Events are sent there only after it has answered a ping.</summary>
[Event("webhook.created")]
public sealed record WebhookCreated(string ObjectId, IReadOnlyList<string> Events, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.updated")]
public sealed record WebhookUpdated(string ObjectId, IReadOnlyList<string> Fields, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The endpoint answered a ping. Queued events are now sent.</summary>
[Event("webhook.enabled")]
public sealed record WebhookEnabled(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Nothing is sent to the endpoint any longer. The reason is <c>gone</c>, <c>failing</c> or <c>manual</c>.</summary>
[Event("webhook.disabled")]
public sealed record WebhookDisabled(string ObjectId, string Reason, IReadOnlyList<string> Organizations) : IEvent
{
    /// <summary>The receiver answered 410.</summary>
    public const string Gone = "gone";

    /// <summary>All deliveries failed for days.</summary>
    public const string Failing = "failing";

    /// <summary>Its owner disabled it.</summary>
    public const string Manual = "manual";
}

/// <summary>
/// All deliveries failed for this number of days. After five days the endpoint is disabled. Auth mails its organization's admins.
/// </summary>
[Event("webhook.failing")]
public sealed record WebhookFailing(string ObjectId, int Days, string Code, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.removed")]
public sealed record WebhookRemoved(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.secret_rotated")]
public sealed record WebhookSecretRotated(string ObjectId, DateTimeOffset? PreviousUntil, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The previous secret no longer signs. It was ended before its time.</summary>
[Event("webhook.secret_ended")]
public sealed record WebhookSecretEnded(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>A test event or another ping was requested.</summary>
[Event("webhook.tested")]
public sealed record WebhookTested(string ObjectId, string DeliveryId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Repeat deliveries were requested.</summary>
[Event("webhook.replayed")]
public sealed record WebhookReplayed(string ObjectId, int Deliveries, IReadOnlyList<string> Organizations) : IEvent;

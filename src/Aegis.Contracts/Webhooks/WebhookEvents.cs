namespace Aegis.Contracts.Webhooks;

/// <summary>An organization named an address for its events. Nothing is sent there before a ping was answered.</summary>
[Event("webhook.created")]
public sealed record WebhookCreated(string ObjectId, IReadOnlyList<string> Events, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.updated")]
public sealed record WebhookUpdated(string ObjectId, IReadOnlyList<string> Fields, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The endpoint answered a ping; what was queued meanwhile is on its way.</summary>
[Event("webhook.enabled")]
public sealed record WebhookEnabled(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Nothing is sent to the endpoint any more, and a word says why: <c>gone</c>, <c>failing</c> or <c>manual</c>.</summary>
[Event("webhook.disabled")]
public sealed record WebhookDisabled(string ObjectId, string Reason, IReadOnlyList<string> Organizations) : IEvent
{
    /// <summary>The receiver said 410.</summary>
    public const string Gone = "gone";

    /// <summary>Days of nothing but failure.</summary>
    public const string Failing = "failing";

    /// <summary>Its owner wanted it.</summary>
    public const string Manual = "manual";
}

/// <summary>Nothing but failures for so many days; after five the endpoint is disabled.</summary>
[Event("webhook.failing")]
public sealed record WebhookFailing(string ObjectId, int Days, string Code, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.removed")]
public sealed record WebhookRemoved(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

[Event("webhook.secret_rotated")]
public sealed record WebhookSecretRotated(string ObjectId, DateTimeOffset? PreviousUntil, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>The secret before the last one signs no more, earlier than it was to.</summary>
[Event("webhook.secret_ended")]
public sealed record WebhookSecretEnded(string ObjectId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Somebody asked for a test event, or for another ping.</summary>
[Event("webhook.tested")]
public sealed record WebhookTested(string ObjectId, string DeliveryId, IReadOnlyList<string> Organizations) : IEvent;

/// <summary>Somebody asked for deliveries to be made again.</summary>
[Event("webhook.replayed")]
public sealed record WebhookReplayed(string ObjectId, int Deliveries, IReadOnlyList<string> Organizations) : IEvent;

namespace Aegis.Sdk.Webhooks;

/// <summary>A webhook endpoint, without its secret.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">The address that events are sent to.</param>
/// <param name="Events">Event names and patterns to send.</param>
/// <param name="Description">A description for people.</param>
/// <param name="Status"><c>pending</c>, <c>enabled</c> or <c>disabled</c>.</param>
/// <param name="DisabledReason"><c>gone</c>, <c>failing</c> or <c>manual</c>.</param>
/// <param name="FailingSince">Since when every delivery has failed.</param>
/// <param name="WarnedDay">The day of failure of the last warning: 0, 1, 3 or 5.</param>
/// <param name="LastError">Reason of the last failure.</param>
/// <param name="LastSuccessAt">When it last answered successfully.</param>
/// <param name="LastFailureAt">When it last failed.</param>
/// <param name="PreviousSecretUntil">Until when the previous secret also signs.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record Webhook(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string? Status, string? DisabledReason,
    DateTimeOffset? FailingSince,
    int WarnedDay, string? LastError, DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, DateTimeOffset? PreviousSecretUntil,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt) : Revised;

/// <summary>A new webhook endpoint.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">The address that events are sent to.</param>
/// <param name="Events">Event names and patterns to send.</param>
/// <param name="Description">A description for people.</param>
/// <param name="Status"><c>pending</c>.</param>
/// <param name="Secret"><c>whsec_…</c>. It is not shown again.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record NewWebhook(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string? Status, string Secret, DateTimeOffset? CreatedAt)
{
    /// <summary>Does not show the secret.</summary>
    public override string ToString() => $"NewWebhook {{ Id = {Id} }}";
}

/// <summary>A new secret.</summary>
public sealed record NewWebhookSecret(string Id, string Secret, DateTimeOffset? PreviousSecretUntil)
{
    /// <summary>Does not show the secret.</summary>
    public override string ToString() => $"NewWebhookSecret {{ Id = {Id} }}";
}

/// <summary>The delivery of one event to one endpoint. <c>Status</c> is <c>waiting</c>, <c>delivered</c> or <c>failed</c>.</summary>
public sealed record WebhookDelivery(
    string Id, string? WebhookId, string? EventId, string Type, string Status, int Attempts, DateTimeOffset? NextAttemptAt, int? LastStatus,
    string? LastError,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A delivery with its latest attempts.</summary>
public sealed record WebhookDeliveryDetails(WebhookDelivery Delivery, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>One delivery attempt.</summary>
public sealed record DeliveryAttempt(int Number, DateTimeOffset At, int LatencyMs, int? Status, string? Error, string? Excerpt);

/// <summary>How many deliveries were queued again, and the cursor to continue.</summary>
public sealed record ReplayedDeliveries(int Queued, string? NextCursor);

/// <summary>All event types.</summary>
public sealed record EventTypeCatalogue(IReadOnlyList<EventTypeDescription> Items, IReadOnlyList<string> Patterns);

/// <summary>An event type, with the JSON schema of its body and an example.</summary>
public sealed record EventTypeDescription(
    string Type, string Description, string RequiredPermission, JsonObject Schema, JsonObject Example);

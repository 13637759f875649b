namespace Aegis.Sdk.Webhooks;

/// <summary>An address that events are sent to, without its secret.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Names and patterns it listens to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c>, <c>enabled</c> or <c>disabled</c>.</param>
/// <param name="DisabledReason"><c>gone</c>, <c>failing</c> or <c>manual</c>.</param>
/// <param name="FailingSince">Since when there was nothing but failure.</param>
/// <param name="WarnedDay">The day of failing that was warned of last: 0, 1, 3 or 5.</param>
/// <param name="LastError">Why the last failure was one.</param>
/// <param name="LastSuccessAt">When it answered last.</param>
/// <param name="LastFailureAt">When it failed last.</param>
/// <param name="PreviousSecretUntil">Until when the secret before signs too.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
public sealed record Webhook(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string? Status, string? DisabledReason,
    DateTimeOffset? FailingSince,
    int WarnedDay, string? LastError, DateTimeOffset? LastSuccessAt, DateTimeOffset? LastFailureAt, DateTimeOffset? PreviousSecretUntil,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt) : Revised;

/// <summary>An address that was just registered.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Names and patterns it listens to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c>.</param>
/// <param name="Secret"><c>whsec_…</c>, shown here and never again.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record NewWebhook(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string? Status, string Secret, DateTimeOffset? CreatedAt)
{
    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"NewWebhook {{ Id = {Id} }}";
}

/// <summary>A new secret.</summary>
public sealed record NewWebhookSecret(string Id, string Secret, DateTimeOffset? PreviousSecretUntil)
{
    /// <summary>Shows no secret.</summary>
    public override string ToString() => $"NewWebhookSecret {{ Id = {Id} }}";
}

/// <summary>One event on its way to one address. <c>Status</c> is <c>waiting</c>, <c>delivered</c> or <c>failed</c>.</summary>
public sealed record WebhookDelivery(
    string Id, string? WebhookId, string? EventId, string Type, string Status, int Attempts, DateTimeOffset? NextAttemptAt, int? LastStatus,
    string? LastError,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A delivery with its newest attempts.</summary>
public sealed record WebhookDeliveryDetails(WebhookDelivery Delivery, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>One try to deliver.</summary>
public sealed record DeliveryAttempt(int Number, DateTimeOffset At, int LatencyMs, int? Status, string? Error, string? Excerpt);

/// <summary>How many deliveries are due again, and how to go on.</summary>
public sealed record ReplayedDeliveries(int Queued, string? NextCursor);

/// <summary>Everything that can be listened to.</summary>
public sealed record EventTypeCatalogue(IReadOnlyList<EventTypeDescription> Items, IReadOnlyList<string> Patterns);

/// <summary>An event that can be listened to, with the JSON schema of its body and an example.</summary>
public sealed record EventTypeDescription(
    string Type, string Description, string RequiredPermission, JsonObject Schema, JsonObject Example);

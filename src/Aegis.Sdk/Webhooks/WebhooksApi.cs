namespace Aegis.Sdk.Webhooks;

/// <summary>Webhook endpoints. Events are signed as in Standard Webhooks 1.0: check them with <see cref="WebhookVerifier"/>.</summary>
public sealed class WebhooksApi
{
    private readonly Caller caller;

    internal WebhooksApi(Caller caller) => this.caller = caller;

    /// <summary>
    /// Registers an endpoint. Only this answer shows <see cref="NewWebhook.Secret"/>. A ping is sent at once; when it is answered, the
    /// endpoint is enabled.
    /// </summary>
    public Task<NewWebhook> CreateAsync(
        CreateWebhook webhook, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/webhooks", JsonBody.Of(webhook, CamelCaseJson.Default.CreateWebhook), CamelCaseJson.Default.NewWebhook, cancellationToken,
        idempotencyKey);

    /// <summary>All endpoints, newest first.</summary>
    public IAsyncEnumerable<Webhook> ListAsync(CancellationToken cancellationToken = default) => Page<Webhook>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query("v1/webhooks").With("cursor", cursor).ToString(), CamelCaseJson.Default.PageWebhook, ct),
        cancellationToken);

    /// <summary>One endpoint with its state.</summary>
    public Task<Webhook> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Webhook, cancellationToken);

    /// <summary>Changes the members set in <paramref name="changes"/> and leaves the others.</summary>
    public Task<Webhook> UpdateAsync(
        string id, WebhookChanges changes, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        Path(id), JsonBody.Of(changes.Sent, CamelCaseJson.Default.JsonObject), CamelCaseJson.Default.Webhook, cancellationToken, ifMatch);

    /// <summary>Removes an endpoint. Events not delivered yet are not sent.</summary>
    public Task RemoveAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync(Path(id), cancellationToken, ifMatch);

    /// <summary>Sends a test event.</summary>
    public Task<WebhookDelivery> TestAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/test", null, CamelCaseJson.Default.WebhookDelivery, cancellationToken);

    /// <summary>
    /// Creates a new secret. Only this answer shows it. Until the overlap ends, both secrets sign; after a leak use 0.
    /// </summary>
    public Task<NewWebhookSecret> RotateSecretAsync(
        string id, int? overlapHours = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
            caller.PostAsync(
        $"{Path(id)}/rotate-secret", JsonBody.Of(new RotateWebhookSecret(overlapHours), CamelCaseJson.Default.RotateWebhookSecret),
        CamelCaseJson.Default.NewWebhookSecret, cancellationToken, idempotencyKey);

    /// <summary>Ends the overlap of a rotation now: the previous secret stops signing.</summary>
    public Task EndPreviousSecretAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"{Path(id)}/previous-secret", cancellationToken);

    /// <summary>Deliveries, newest first.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>; default all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<WebhookDelivery> ListDeliveriesAsync(
        string id, string? status = null, CancellationToken cancellationToken = default) => Page<WebhookDelivery>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query($"{Path(id)}/deliveries").With("status", status).With("cursor", cursor).ToString(),
            CamelCaseJson.Default.PageWebhookDelivery, ct),
        cancellationToken);

    /// <summary>One delivery with its attempts.</summary>
    public Task<WebhookDeliveryDetails> GetDeliveryAsync(string deliveryId, CancellationToken cancellationToken = default) =>
        caller.GetAsync($"v1/webhooks/deliveries/{Query.Segment(deliveryId)}", CamelCaseJson.Default.WebhookDeliveryDetails,
            cancellationToken);

    /// <summary>Sends a delivery again.</summary>
    public Task<WebhookDelivery> ReplayDeliveryAsync(string deliveryId, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"v1/webhooks/deliveries/{Query.Segment(deliveryId)}/replay", null, CamelCaseJson.Default.WebhookDelivery,
            cancellationToken);

    /// <summary>Sends failed events again, or all events of a time range. At most 500 per call: continue with the cursor.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="replay">Selects the events.</param>
    /// <param name="idempotencyKey">Repeats with the same key have one effect. The client creates a key by default. Use a new one for each
    /// cursor.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<ReplayedDeliveries> ReplayAsync(
        string id, ReplayWebhook replay, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/replay", JsonBody.Of(replay, CamelCaseJson.Default.ReplayWebhook), CamelCaseJson.Default.ReplayedDeliveries,
        cancellationToken, idempotencyKey);

    /// <summary>All event types.</summary>
    public Task<EventTypeCatalogue> GetEventTypesAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/webhooks/event-types", CamelCaseJson.Default.EventTypeCatalogue, cancellationToken);

    private static string Path(string id) => $"v1/webhooks/{Query.Segment(id)}";
}

/// <summary>An endpoint to register.</summary>
/// <param name="Url">The address to send events to.</param>
/// <param name="Events">Event names, or patterns such as <c>transfer.*</c>.</param>
public sealed record CreateWebhook(string Url, IReadOnlyList<string> Events)
{
    /// <summary>A description for people.</summary>
    public string? Description { get; init; }
}

/// <summary>Changes to an endpoint. Members that are not set stay.</summary>
public sealed class WebhookChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>The address to send events to.</summary>
    public string? Url { get => (string?)Sent["url"]; set => Sent["url"] = value; }

    /// <summary>A description for people; null removes it.</summary>
    public string? Description { get => (string?)Sent["description"]; set => Sent["description"] = value; }

    /// <summary>False stops sending events. True sends a ping, and enables the endpoint when it is answered.</summary>
    public bool? Enabled { get => (bool?)Sent["enabled"]; set => Sent["enabled"] = value; }

    /// <summary>Event names and patterns; they replace the existing ones.</summary>
    public IReadOnlyList<string>? Events
    {
        get => (Sent["events"] as JsonArray)?.Select(t => (string?)t ?? "").ToList();
        set => Sent["events"] = value is null ? null : new JsonArray([.. value.Select(t => (JsonNode?)t)]);
    }
}

internal sealed record RotateWebhookSecret(int? OverlapHours);

/// <summary>Selects events to send again: the <c>failed</c> ones, or those of a time range.</summary>
public sealed record ReplayWebhook
{
    /// <summary><c>failed</c>: events whose delivery was given up.</summary>
    public string? Status { get; init; }

    /// <summary>Events that happened at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events that happened before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Continues with the same range.</summary>
    public string? Cursor { get; init; }
}

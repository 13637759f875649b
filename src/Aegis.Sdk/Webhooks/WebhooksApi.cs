namespace Aegis.Sdk.Webhooks;

/// <summary>Addresses that events are sent to, signed as Standard Webhooks 1.0 says: check with <see cref="WebhookVerifier"/>.</summary>
public sealed class WebhooksApi
{
    private readonly Caller caller;

    internal WebhooksApi(Caller caller) => this.caller = caller;

    /// <summary>
    /// Registers an address. <see cref="NewWebhook.Secret"/> is shown by this call alone. A ping is sent at once; when it is answered the
    /// address is enabled.
    /// </summary>
    public Task<NewWebhook> CreateAsync(
        CreateWebhook webhook, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        "v1/webhooks", JsonBody.Of(webhook, CamelCaseJson.Default.CreateWebhook), CamelCaseJson.Default.NewWebhook, cancellationToken,
        idempotencyKey);

    /// <summary>All addresses, newest first.</summary>
    public IAsyncEnumerable<Webhook> ListAsync(CancellationToken cancellationToken = default) => Page<Webhook>.WalkAsync(
        (cursor, ct) => caller.GetAsync(new Query("v1/webhooks").With("cursor", cursor).ToString(), CamelCaseJson.Default.PageWebhook, ct),
        cancellationToken);

    /// <summary>One address and how it does.</summary>
    public Task<Webhook> GetAsync(string id, CancellationToken cancellationToken = default) =>
        caller.GetAsync(Path(id), CamelCaseJson.Default.Webhook, cancellationToken);

    /// <summary>Changes what is set in <paramref name="changes"/> and leaves the rest.</summary>
    public Task<Webhook> UpdateAsync(
        string id, WebhookChanges changes, string? ifMatch = null, CancellationToken cancellationToken = default) => caller.PatchAsync(
        Path(id), JsonBody.Of(changes.Sent, CamelCaseJson.Default.JsonObject), CamelCaseJson.Default.Webhook, cancellationToken, ifMatch);

    /// <summary>Removes an address. What was not delivered yet is not sent.</summary>
    public Task RemoveAsync(string id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync(Path(id), cancellationToken, ifMatch);

    /// <summary>Sends a test event.</summary>
    public Task<WebhookDelivery> TestAsync(string id, CancellationToken cancellationToken = default) =>
        caller.PostAsync($"{Path(id)}/test", null, CamelCaseJson.Default.WebhookDelivery, cancellationToken);

    /// <summary>
    /// Makes a new secret, shown by this call alone. Until the overlap ends everything is signed with both; after a leak give 0.
    /// </summary>
    public Task<NewWebhookSecret> RotateSecretAsync(
        string id, int? overlapHours = null, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
            caller.PostAsync(
        $"{Path(id)}/rotate-secret", JsonBody.Of(new RotateWebhookSecret(overlapHours), CamelCaseJson.Default.RotateWebhookSecret),
        CamelCaseJson.Default.NewWebhookSecret, cancellationToken, idempotencyKey);

    /// <summary>Ends the overlap of a rotation now: the secret before signs no more.</summary>
    public Task EndPreviousSecretAsync(string id, CancellationToken cancellationToken = default) =>
        caller.DeleteAsync($"{Path(id)}/previous-secret", cancellationToken);

    /// <summary>What was sent, newest first.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>; all unless told.</param>
    /// <param name="cancellationToken">Stops.</param>
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

    /// <summary>Sends again what failed, or every event of a range of time. At most 500 for each call: go on with the cursor.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="replay">Which.</param>
    /// <param name="idempotencyKey">Makes repeats of your own have one effect; made by the client unless given. Each call with another
    /// cursor has its own.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<ReplayedDeliveries> ReplayAsync(
        string id, ReplayWebhook replay, string? idempotencyKey = null, CancellationToken cancellationToken = default) => caller.PostAsync(
        $"{Path(id)}/replay", JsonBody.Of(replay, CamelCaseJson.Default.ReplayWebhook), CamelCaseJson.Default.ReplayedDeliveries,
        cancellationToken, idempotencyKey);

    /// <summary>Everything that can be listened to.</summary>
    public Task<EventTypeCatalogue> GetEventTypesAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/webhooks/event-types", CamelCaseJson.Default.EventTypeCatalogue, cancellationToken);

    private static string Path(string id) => $"v1/webhooks/{Query.Segment(id)}";
}

/// <summary>An address to be registered.</summary>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Names, or patterns such as <c>transfer.*</c>.</param>
public sealed record CreateWebhook(string Url, IReadOnlyList<string> Events)
{
    /// <summary>For people.</summary>
    public string? Description { get; init; }
}

/// <summary>What is to be changed of an address. What is not set stays.</summary>
public sealed class WebhookChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>Where events are sent.</summary>
    public string? Url { get => (string?)Sent["url"]; set => Sent["url"] = value; }

    /// <summary>For people; null removes it.</summary>
    public string? Description { get => (string?)Sent["description"]; set => Sent["description"] = value; }

    /// <summary>False sends nothing more to it; true sends a ping, and enables it when that is answered.</summary>
    public bool? Enabled { get => (bool?)Sent["enabled"]; set => Sent["enabled"] = value; }

    /// <summary>Names and patterns; they replace those there are.</summary>
    public IReadOnlyList<string>? Events
    {
        get => (Sent["events"] as JsonArray)?.Select(t => (string?)t ?? "").ToList();
        set => Sent["events"] = value is null ? null : new JsonArray([.. value.Select(t => (JsonNode?)t)]);
    }
}

internal sealed record RotateWebhookSecret(int? OverlapHours);

/// <summary>Which events are sent again: either <c>failed</c> ones, or those of a range of time.</summary>
public sealed record ReplayWebhook
{
    /// <summary><c>failed</c>: what was given up.</summary>
    public string? Status { get; init; }

    /// <summary>Events that happened at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Events that happened before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Goes on with the same range.</summary>
    public string? Cursor { get; init; }
}

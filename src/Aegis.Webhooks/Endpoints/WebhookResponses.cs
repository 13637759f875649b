using Aegis.Kernel.Web.Input;

namespace Aegis.Webhooks.Endpoints;

/// <summary>An endpoint, without its secret.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent: scheme and host. Path and query may contain a token and are never shown.</param>
/// <param name="Events">Names and patterns of the events it subscribes to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c> until a ping is answered, then <c>enabled</c>, or <c>disabled</c>.</param>
/// <param name="DisabledReason">
/// <c>gone</c> (it answered 410), <c>failing</c> (for five days) or <c>manual</c>; null unless disabled.
/// </param>
/// <param name="FailingSince">Since when every attempt failed; null while the endpoint answers.</param>
/// <param name="WarnedDay">The last day of failure that the owner was warned about: 0 (none), 1, 3 or 5.</param>
/// <param name="LastError">Code of the last failure; null while the endpoint answers.</param>
/// <param name="LastSuccessAt">When an attempt last succeeded.</param>
/// <param name="LastFailureAt">When an attempt last failed.</param>
/// <param name="PreviousSecretUntil">Until when the previous secret also signs; null if it does not.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
internal sealed record WebhookResponse(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, EndpointStatus Status, string? DisabledReason,
    [property: Past] DateTimeOffset? FailingSince, [property: Past] int WarnedDay, string? LastError, DateTimeOffset? LastSuccessAt,
    DateTimeOffset? LastFailureAt,
    DateTimeOffset? PreviousSecretUntil, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static WebhookResponse From(WebhookEndpoint endpoint, Uri address, EndpointQueue? queue, DateTimeOffset now) => new(
        endpoint.Id, WebhookAddress.Masked(address), endpoint.Patterns, endpoint.Description, endpoint.Status, endpoint.DisabledReason,
        queue?.FailingSince, queue?.WarnedDay ?? EndpointQueue.NoWarning, queue?.FailingSince is null ? null : queue.LastError,
        queue?.LastSuccessAt, queue?.LastFailureAt,
        endpoint.PreviousUntil > now ? endpoint.PreviousUntil : null, endpoint.CreatedAt, endpoint.UpdatedAt);
}

/// <summary>An endpoint that was just registered. This answer is the only one that shows its secret.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent: scheme and host. Path and query may contain a token and are never shown.</param>
/// <param name="Events">Names and patterns of the events it subscribes to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c>: a ping is being sent.</param>
/// <param name="Secret"><c>whsec_…</c>: signs everything sent to the endpoint.</param>
/// <param name="CreatedAt">When it was registered.</param>
internal sealed record NewWebhookResponse(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, EndpointStatus Status, string Secret,
    DateTimeOffset CreatedAt)
{
    public override string ToString() => "***";
}

/// <summary>A new secret. This answer is the only one that shows it.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Secret"><c>whsec_…</c>.</param>
/// <param name="PreviousSecretUntil">Until when the previous secret also signs; null if it ended.</param>
internal sealed record NewSecretResponse(string Id, string Secret, DateTimeOffset? PreviousSecretUntil)
{
    public override string ToString() => "***";
}

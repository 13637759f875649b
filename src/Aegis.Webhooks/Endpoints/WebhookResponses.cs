using Aegis.Kernel.Web.Input;

namespace Aegis.Webhooks.Endpoints;

/// <summary>An endpoint, without its secret.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent: scheme and host. What stands behind them may hold a token and is never shown.</param>
/// <param name="Events">Names and patterns it listens to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c> until a ping is answered; <c>enabled</c>; <c>disabled</c>.</param>
/// <param name="DisabledReason"><c>gone</c> (it answered 410), <c>failing</c> (five days) or <c>manual</c>; null unless disabled.</param>
/// <param name="FailingSince">Since when there was nothing but failure; null while it answers.</param>
/// <param name="WarnedDay">The day of failing that was warned of last: 0, 1, 3 or 5.</param>
/// <param name="LastError">Why the last failure was one: a stable word.</param>
/// <param name="LastSuccessAt">When it answered last.</param>
/// <param name="LastFailureAt">When it failed last.</param>
/// <param name="PreviousSecretUntil">Until when the secret before signs too; null when it does not.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
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

/// <summary>An endpoint that was just registered. Its secret is shown here and never again.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Url">Where events are sent: scheme and host. What stands behind them may hold a token and is never shown.</param>
/// <param name="Events">Names and patterns it listens to.</param>
/// <param name="Description">For people.</param>
/// <param name="Status"><c>pending</c>: a ping is on its way.</param>
/// <param name="Secret"><c>whsec_…</c>: signs everything that is sent.</param>
/// <param name="CreatedAt">When it was registered.</param>
internal sealed record NewWebhookResponse(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, EndpointStatus Status, string Secret,
    DateTimeOffset CreatedAt)
{
    public override string ToString() => "***";
}

/// <summary>A new secret, shown here and never again.</summary>
/// <param name="Id">whk_….</param>
/// <param name="Secret"><c>whsec_…</c>.</param>
/// <param name="PreviousSecretUntil">Until when the secret before signs too; null when it ended.</param>
internal sealed record NewSecretResponse(string Id, string Secret, DateTimeOffset? PreviousSecretUntil)
{
    public override string ToString() => "***";
}

using FluentValidation;

namespace Aegis.Webhooks.Deliveries;

/// <summary>State of a delivery in the API.</summary>
internal enum DeliveryState { Waiting, Delivered, Failed }

/// <summary>One event sent, or to be sent, to one endpoint.</summary>
/// <param name="Id">dlv_….</param>
/// <param name="WebhookId">whk_….</param>
/// <param name="EventId">evt_…, the <c>webhook-id</c> of every attempt.</param>
/// <param name="Type">The event's name.</param>
/// <param name="Status"><c>waiting</c>, <c>delivered</c>, or <c>failed</c> after ten attempts.</param>
/// <param name="Attempts">Number of attempts so far.</param>
/// <param name="NextAttemptAt">When the next attempt is due; null if none is planned.</param>
/// <param name="LastStatus">HTTP status of the last attempt; null if there was no answer.</param>
/// <param name="LastError">
/// Why the last attempt failed: <c>status</c>, <c>redirect</c>, <c>timeout</c>, <c>unreachable</c>, <c>tls_failed</c>,
/// <c>address_not_allowed</c>, <c>too_large</c> or <c>event_expired</c>; null if it succeeded.
/// </param>
/// <param name="CreatedAt">When it was queued.</param>
/// <param name="FinishedAt">When it was delivered or failed for good; else null.</param>
internal sealed record DeliveryItem(
    string Id, string WebhookId, string EventId, string Type, DeliveryState Status, int Attempts, DateTimeOffset? NextAttemptAt,
    int? LastStatus, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public static DeliveryItem From(Delivery d) => new(
        d.Id, d.EndpointId, d.EventId, d.Type, StateOf(d.Status), d.Attempts, StateOf(d.Status) is DeliveryState.Waiting ? d.DueAt : null,
        d.LastStatus, d.LastError, d.CreatedAt, d.FinishedAt);

    private static DeliveryState StateOf(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Delivered => DeliveryState.Delivered,
        DeliveryStatus.Failed => DeliveryState.Failed,
        _ => DeliveryState.Waiting,
    };
}

/// <summary>One attempt to deliver.</summary>
/// <param name="Number">1 is the first.</param>
/// <param name="At">When it began.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="Status">HTTP status; null if there was no answer.</param>
/// <param name="Error">Code of the failure; null if the attempt succeeded.</param>
/// <param name="Excerpt">At most 500 characters of the answer; null if the receiver has no public address.</param>
internal sealed record AttemptItem(int Number, DateTimeOffset At, int LatencyMs, int? Status, string? Error, string? Excerpt);

/// <summary>A delivery with its newest attempts.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Attempts">At most 50, newest first.</param>
internal sealed record DeliveryDetails(DeliveryItem Delivery, IReadOnlyList<AttemptItem> Attempts);

/// <summary>Selects the events of an endpoint to send again.</summary>
/// <param name="Status"><c>failed</c>: every failed delivery. It cannot be combined with a time range.</param>
/// <param name="From">Start of the time range (inclusive). Events that were never queued for the endpoint are included.</param>
/// <param name="To">End of the time range (exclusive). Default: now.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the previous answer, to continue the same range.</param>
internal sealed record ReplayRequest(string? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null, string? Cursor = null);

internal sealed class ReplayValidator : AbstractValidator<ReplayRequest>
{
    public ReplayValidator()
    {
        RuleFor(x => x.Status).Must(s => s is null or "failed").WithMessage("status must be 'failed'.");
        RuleFor(x => x.From).Must((x, from) => from is null == x.Status is not null).WithMessage("Send either status or from, not both.");
        RuleFor(x => x.To).Must((x, to) => to is null || to > x.From)
            .WithMessage("to must be later than from. It cannot be sent without from.");
    }
}

/// <summary>The result of a replay.</summary>
/// <param name="Queued">Number of deliveries that are due now.</param>
/// <param name="NextCursor">Repeat the call with this cursor for the rest; null if nothing is left.</param>
internal sealed record ReplayResponse(int Queued, string? NextCursor)
{
    public static ReplayResponse From(Replay replay) => new(replay.Queued, replay.NextCursor);
}

namespace Aegis.Webhooks.Sending;

/// <summary>A due delivery.</summary>
/// <param name="Id">dlv_….</param>
/// <param name="EventId">evt_….</param>
/// <param name="Type">Name of the event.</param>
/// <param name="Attempts">Number of attempts so far.</param>
/// <param name="Step">Attempts since the schedule started.</param>
/// <param name="Body">The body to send; null if the event has been purged.</param>
internal sealed record Due(string Id, string EventId, string Type, int Attempts, int Step, string? Body);

/// <summary>The result of one attempt.</summary>
/// <param name="EndpointId">whk_….</param>
/// <param name="Delivery">The delivery that was sent.</param>
/// <param name="At">When the attempt started.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="Status">HTTP status; null if there was no answer.</param>
/// <param name="Error">Code of the failure; null if it succeeded.</param>
/// <param name="Excerpt">Start of the answer's body, if it may be shown.</param>
/// <param name="NextDueAt">When the next attempt is due; null if there is none.</param>
internal sealed record Outcome(
    string EndpointId, Due Delivery, DateTimeOffset At, int LatencyMs, int? Status, string? Error, string? Excerpt,
    DateTimeOffset? NextDueAt)
{
    private const int GoneStatus = 410;

    public bool IsSuccess => Error is null;

    /// <summary>True for HTTP 410: the receiver wants no more events.</summary>
    public bool IsGone => Status == GoneStatus;

    public int Number => Delivery.Attempts + 1;
}

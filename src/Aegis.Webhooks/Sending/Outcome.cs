namespace Aegis.Webhooks.Sending;

/// <summary>A delivery that is due.</summary>
/// <param name="Id">dlv_….</param>
/// <param name="EventId">evt_….</param>
/// <param name="Type">Its event's name.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="Step">Attempts of this round.</param>
/// <param name="Body">What to send; null when the event is kept no more.</param>
internal sealed record Due(string Id, string EventId, string Type, int Attempts, int Step, string? Body);

/// <summary>What came of one attempt.</summary>
/// <param name="EndpointId">whk_….</param>
/// <param name="Delivery">What was sent.</param>
/// <param name="At">When.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="Status">HTTP status, or null when there was no answer.</param>
/// <param name="Error">Why it failed, or null.</param>
/// <param name="Excerpt">Beginning of the answer, when it may be shown.</param>
/// <param name="NextDueAt">When it is tried again; null when it is not.</param>
internal sealed record Outcome(
    string EndpointId, Due Delivery, DateTimeOffset At, int LatencyMs, int? Status, string? Error, string? Excerpt,
    DateTimeOffset? NextDueAt)
{
    private const int GoneStatus = 410;

    public bool IsSuccess => Error is null;

    /// <summary>The receiver wants nothing more.</summary>
    public bool IsGone => Status == GoneStatus;

    public int Number => Delivery.Attempts + 1;
}

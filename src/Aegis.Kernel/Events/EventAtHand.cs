namespace Aegis.Kernel.Events;

/// <summary>What is known of the event that is being handled besides what it says itself; a handler asks for it in its constructor.</summary>
public sealed class EventAtHand
{
    /// <summary>evt_…, the same for all handlers and however often they are called.</summary>
    public string Id { get; private set; } = "";

    public DateTimeOffset OccurredAt { get; private set; }

    internal void Take(string id, DateTimeOffset occurredAt) => (Id, OccurredAt) = (id, occurredAt);
}

namespace Aegis.Kernel.Events;

/// <summary>Something that happened. Carries ids and codes, never a secret or patient data.</summary>
public interface IEvent
{
    /// <summary>The object it happened to.</summary>
    string ObjectId { get; }

    /// <summary>The organizations that may see it in their audit trail, at least one.</summary>
    IReadOnlyList<string> Organizations { get; }
}

/// <summary>The stable name of an event on the wire and in stored rows; it never changes.</summary>
/// <param name="name">Such as <c>transfer.delivered</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Reacts to an event. The relay saves <c>TDb</c> together with a receipt, so the effect happens once.</summary>
public interface IHandle<in TEvent>
    where TEvent : IEvent
{
    Task Handle(TEvent happened, CancellationToken ct);
}

/// <summary>An event as it is handed to those who take many at once.</summary>
/// <param name="Id">evt_…, the same for all handlers and however often they are called.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Happened">What happened.</param>
public sealed record ToldEvent(string Id, DateTimeOffset OccurredAt, IEvent Happened);

/// <summary>Reacts to all events that are due at once. The relay saves <c>TDb</c> together with their receipts, so the effect happens once.</summary>
public interface IHandleMany
{
    Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct);
}

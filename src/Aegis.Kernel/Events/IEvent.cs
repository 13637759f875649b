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

/// <summary>
/// Reacts to an event by changing tracked rows, and never saves: saves, ExecuteUpdate, ExecuteDelete and transactions throw until it has
/// returned. Then the relay saves the effect together with a receipt, so the effect happens once.
/// </summary>
public interface IHandle<in TEvent>
    where TEvent : IEvent
{
    Task Handle(TEvent happened, CancellationToken ct);
}

/// <summary>
/// Reacts to an event and saves by itself, as often as it likes. It may run again after any of its saves, so each part of its effect must
/// be the same when it is done twice. The receipt is saved when it has returned.
/// </summary>
public interface IHandleRepeatably<in TEvent>
    where TEvent : IEvent
{
    Task Handle(TEvent happened, CancellationToken ct);
}

/// <summary>An event as it is handed to those who take many at once.</summary>
/// <param name="Id">evt_…, the same for all handlers and however often they are called.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Happened">What happened.</param>
public sealed record ToldEvent(string Id, DateTimeOffset OccurredAt, IEvent Happened);

/// <summary>As <see cref="IHandle{TEvent}"/>, for all events that are due at once: their effects and their receipts are one save.</summary>
public interface IHandleMany
{
    Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct);
}

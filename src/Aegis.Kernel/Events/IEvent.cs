namespace Aegis.Kernel.Events;

/// <summary>Something that happened. It contains ids and codes, never a secret or patient data.</summary>
public interface IEvent
{
    /// <summary>Id of the object that it happened to.</summary>
    string ObjectId { get; }

    /// <summary>The organizations that may see it in their audit trail, at least one.</summary>
    IReadOnlyList<string> Organizations { get; }
}

/// <summary>The stable name of an event on the wire and in stored rows; it never changes.</summary>
/// <param name="name">For example <c>transfer.delivered</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>
/// Handles an event by changing tracked rows, and never saves: saves, ExecuteUpdate, ExecuteDelete and transactions throw until it has
/// returned. Then the relay saves the changes together with a receipt, so the effect happens once.
/// </summary>
public interface IHandle<in TEvent>
    where TEvent : IEvent
{
    Task Handle(TEvent happened, CancellationToken ct);
}

/// <summary>
/// Handles an event and may save as often as it needs. It may run again after any of its saves, so each step must be idempotent. The
/// receipt is saved after it has returned.
/// </summary>
public interface IHandleRepeatably<in TEvent>
    where TEvent : IEvent
{
    Task Handle(TEvent happened, CancellationToken ct);
}

/// <summary>An event for a handler that takes many at once.</summary>
/// <param name="Id"><c>evt_…</c>, the same for all handlers and all deliveries.</param>
/// <param name="OccurredAt">When it happened.</param>
/// <param name="Happened">What happened.</param>
public sealed record ToldEvent(string Id, DateTimeOffset OccurredAt, IEvent Happened);

/// <summary>Like <see cref="IHandle{TEvent}"/>, for all due events at once. Their effects and their receipts are one save.</summary>
public interface IHandleMany
{
    Task Handle(IReadOnlyList<ToldEvent> events, CancellationToken ct);
}

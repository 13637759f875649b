using Aegis.Kernel.Events;

namespace Aegis.Kernel.Persistence;

/// <summary>A stored object with an identity, a revision and the events it raised since it was loaded.</summary>
public abstract class Entity
{
    private readonly List<IEvent> raised = [];

    /// <summary>For the database.</summary>
    protected Entity() => Id = "";

    protected Entity(string id) => Id = id;

    public string Id { get; private set; }

    /// <summary>Grows by one with each saved change; guards against lost updates and is the ETag.</summary>
    public long Revision { get; private set; }

    /// <summary>Announces what happened; it is stored in the transaction that stores the change.</summary>
    protected void Raise(IEvent happened) => raised.Add(happened);

    internal IReadOnlyList<IEvent> TakeRaised()
    {
        var taken = raised.ToArray();
        raised.Clear();
        return taken;
    }

    internal bool HasRaised => raised.Count > 0;
}

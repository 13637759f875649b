namespace Aegis.Kernel.Persistence;

/// <summary>A stored object with an id, a revision and the events that it raised since it was loaded.</summary>
public abstract class Entity
{
    private readonly List<Raised> raised = [];

    /// <summary>For Entity Framework.</summary>
    protected Entity() => Id = "";

    protected Entity(string id) => Id = id;

    public string Id { get; private set; }

    /// <summary>Increases by one with each saved change. It prevents lost updates and is the ETag.</summary>
    public long Revision { get; private set; }

    /// <summary>Raises an event. It is stored in the transaction that stores the change.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="auditEntry">Id for its audit entry, if the entity needs to know it; otherwise the save generates one.</param>
    /// <param name="actor">Who caused it, if it happens after the call that requested it; otherwise the caller of the save.</param>
    protected void Raise(IEvent happened, string? auditEntry = null, AuditActor? actor = null) =>
        raised.Add(new Raised(happened, auditEntry, actor));

    internal IReadOnlyList<Raised> TakeRaised()
    {
        var taken = raised.ToArray();
        raised.Clear();
        return taken;
    }

    internal bool HasRaised => raised.Count > 0;
}

/// <summary>A raised event that is not saved yet.</summary>
internal readonly record struct Raised(IEvent Happened, string? AuditEntry, AuditActor? Actor);

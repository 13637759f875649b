namespace Aegis.Kernel.Persistence;

/// <summary>A stored object with an identity, a revision and the events it raised since it was loaded.</summary>
public abstract class Entity
{
    private readonly List<Raised> raised = [];

    /// <summary>For the database.</summary>
    protected Entity() => Id = "";

    protected Entity(string id) => Id = id;

    public string Id { get; private set; }

    /// <summary>Grows by one with each saved change; guards against lost updates and is the ETag.</summary>
    public long Revision { get; private set; }

    /// <summary>Announces what happened; it is stored in the transaction that stores the change.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="auditEntry">Id for its audit entry, when the entity must know it; made on save otherwise.</param>
    /// <param name="actor">Who caused it, when it happens after the call that asked for it; the caller of the save otherwise.</param>
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

/// <summary>An event that waits for its save.</summary>
internal readonly record struct Raised(IEvent Happened, string? AuditEntry, AuditActor? Actor);

namespace Aegis.Auth.Access.Revocation;

/// <summary>The number of the newest change of state. It is the only row of its table, and every host polls it.</summary>
internal sealed class Epoch
{
    public const string TheOne = "epoch";

    private Epoch()
    {
    }

    public string Id { get; private set; } = TheOne;

    public long Number { get; private set; }
}

/// <summary>The keys and sessions whose state changed in one epoch. Every host removes them from its cache.</summary>
internal sealed class StateChange
{
    /// <summary>Means every key and session: used when the list would be long, or when a change affects many.</summary>
    public const string Everybody = "*";

    private const int MaxListLength = 40;

    private StateChange()
    {
    }

    /// <summary>The epoch that this change started.</summary>
    public long Number { get; private set; }

    /// <summary>Ids of keys and sessions, or <see cref="Everybody"/>.</summary>
    public List<string> Subjects { get; private set; } = [];

    public DateTimeOffset At { get; private set; }

    public static StateChange Of(long number, IReadOnlyCollection<string> subjects, DateTimeOffset now) =>
        new() { Number = number, Subjects = subjects.Count <= MaxListLength ? [.. subjects] : [Everybody], At = now };
}

/// <summary>A host that uses its cache between polls. A revocation waits until each of these hosts has acknowledged the change.</summary>
internal sealed class Node
{
    private Node()
    {
    }

    public string Id { get; private set; } = "";

    /// <summary>The host has applied every change up to this epoch.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>When a revocation gave up waiting for this host. It then ignores its cache until it has registered again.</summary>
    public DateTimeOffset? MarkedAt { get; private set; }

    public static Node Register(string id, long epoch) => new() { Id = id, Acknowledged = epoch };
}

internal sealed class EpochMap : IEntityTypeConfiguration<Epoch>
{
    public void Configure(EntityTypeBuilder<Epoch> e)
    {
        e.ToTable("epoch");
        e.Property(x => x.Id).HasMaxLength(16);
        e.HasData(new { Id = Epoch.TheOne, Number = 0L });
    }
}

internal sealed class StateChangeMap : IEntityTypeConfiguration<StateChange>
{
    public void Configure(EntityTypeBuilder<StateChange> e)
    {
        e.ToTable("standing_changes").HasKey(x => x.Number);
        e.PrimitiveCollection(x => x.Subjects).HasMaxLength(4000);
        e.HasIndex(x => x.At);
    }
}

internal sealed class NodeMap : IEntityTypeConfiguration<Node>
{
    public void Configure(EntityTypeBuilder<Node> e)
    {
        e.ToTable("nodes");
    }
}

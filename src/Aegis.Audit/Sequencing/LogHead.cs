namespace Aegis.Audit.Sequencing;

/// <summary>
/// The one row that orders the log: who sequences, since which epoch, the next free sequence, and how far the tree is.
/// Each batch moves it from exactly the state its writer knows, so a sequencer that was paused and replaced can write nothing.
/// </summary>
internal sealed class LogHead
{
    public const string OnlyId = "log";

    /// <summary>The holder after an orderly stop.</summary>
    public const string Nobody = "";

    public const int CheckpointLength = 2_000;

    public string Id { get; private set; } = OnlyId;

    public string Holder { get; private set; } = Nobody;

    public long Epoch { get; private set; }

    public long Next { get; private set; }

    /// <summary>Size of the stored tree: behind <see cref="Next"/> only where entries are older than the tree.</summary>
    public long Hashed { get; private set; }

    /// <summary>Entries before this one are past their retention; of them the log keeps the commitments.</summary>
    public long Expired { get; private set; }

    /// <summary>Size of the tree that the last checkpoint signs.</summary>
    public long CheckpointSize { get; private set; }

    /// <summary>
    /// The last checkpoint, a signed note; null before the first. (The word is one of SQL Server's own: statements put it in brackets.)
    /// </summary>
    public string? Checkpoint { get; private set; }
}

internal sealed class LogHeadMap : IEntityTypeConfiguration<LogHead>
{
    public void Configure(EntityTypeBuilder<LogHead> e)
    {
        e.ToTable("head");
        e.Property(x => x.Holder).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.Checkpoint).HasMaxLength(LogHead.CheckpointLength);
    }
}

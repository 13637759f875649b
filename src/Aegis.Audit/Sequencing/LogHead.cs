namespace Aegis.Audit.Sequencing;

/// <summary>
/// The single row that orders the log: which host sequences, since which epoch, the next free sequence, and the size of the tree. Each
/// batch updates it only from the exact state its writer knows. A sequencer that was paused and replaced can therefore write nothing.
/// </summary>
internal sealed class LogHead
{
    public const string OnlyId = "log";

    /// <summary>The holder after a clean stop.</summary>
    public const string NoHolder = "";

    public const int CheckpointLength = 2_000;

    public string Id { get; private set; } = OnlyId;

    public string Holder { get; private set; } = NoHolder;

    public long Epoch { get; private set; }

    public long Next { get; private set; }

    /// <summary>
    /// Size of the stored tree. Smaller than <see cref="Next"/> only while entries from before the tree existed are hashed.
    /// </summary>
    public long Hashed { get; private set; }

    /// <summary>Entries before this one have expired. The log keeps only their commitments.</summary>
    public long Expired { get; private set; }

    /// <summary>Size of the tree that the last checkpoint covers.</summary>
    public long CheckpointSize { get; private set; }

    /// <summary>
    /// The last checkpoint, a signed note; null before the first. CHECKPOINT is a keyword of SQL Server, so statements put it in brackets.
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

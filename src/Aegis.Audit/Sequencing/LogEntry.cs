namespace Aegis.Audit.Sequencing;

/// <summary>
/// One entry of the log. Sequences start at 0 and have no gaps. The leaf of the Merkle tree consists of the sequence and SHA-256(salt ‖
/// body), so body and salt are written once and never changed.
/// </summary>
internal sealed class LogEntry
{
    public const int SaltLength = 32;

    public long Sequence { get; private set; }

    public string Id { get; private set; } = "";

    /// <summary>The stored UTF-8 JSON of the entry.</summary>
    public byte[] Body { get; private set; } = [];

    /// <summary>Random, so that nobody can guess an entry from its leaf.</summary>
    public byte[] Salt { get; private set; } = [];

    /// <summary>The hash of the entry's leaf in the tree.</summary>
    public static byte[] Leaf(long sequence, byte[] salt, byte[] body) =>
        Hashing.Leaf(Hashing.LeafData(sequence, Hashing.Commitment(salt, body)));
}

internal sealed class LogEntryMap : IEntityTypeConfiguration<LogEntry>
{
    public void Configure(EntityTypeBuilder<LogEntry> e)
    {
        e.ToTable("entries").HasKey(x => x.Sequence);
        e.Property(x => x.Id).IsRequired(); // not the key, so it would be optional by convention
        e.Property(x => x.Salt).HasMaxLength(LogEntry.SaltLength);
        e.HasIndex(x => x.Id).IsUnique();
    }
}

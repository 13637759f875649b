namespace Aegis.Audit.Merkle;

/// <summary>A stored <see cref="Tile"/>. It only ever gets wider, so every narrower one that was served before is its beginning.</summary>
internal sealed class TileRow
{
    /// <summary>The level of commitments: what is left of entries that are past their retention.</summary>
    public const int Commitments = -1;

    public int Level { get; private set; }

    public long Number { get; private set; }

    public byte[] Hashes { get; private set; } = [];

    /// <summary>What is kept of a tile of expired entries.</summary>
    public static TileRow Keep(long number, byte[] commitments) => new() { Level = Commitments, Number = number, Hashes = commitments };
}

internal sealed class TileRowMap : IEntityTypeConfiguration<TileRow>
{
    public void Configure(EntityTypeBuilder<TileRow> e)
    {
        e.ToTable("tiles").HasKey(x => new { x.Level, x.Number });
        e.Property(x => x.Hashes).HasMaxLength(Tile.MaxBytes);
    }
}

namespace Aegis.Audit.Merkle;

/// <summary>A stored <see cref="Tile"/>. Hashes are only appended, so every narrower version that was served is a prefix of it.</summary>
internal sealed class TileRow
{
    /// <summary>Level number for the commitments that are kept of expired entries.</summary>
    public const int Commitments = -1;

    public int Level { get; private set; }

    public long Number { get; private set; }

    public byte[] Hashes { get; private set; } = [];

    /// <summary>Creates the row that is kept for a tile of expired entries.</summary>
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

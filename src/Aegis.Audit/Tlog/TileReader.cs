namespace Aegis.Audit.Tlog;

/// <summary>Reads the stored tree for clients.</summary>
internal sealed class TileReader(AuditDb db)
{
    /// <summary>The hashes of a tile, as many as are stored; null if there is none.</summary>
    public Task<byte[]?> Hashes(int level, long number, CancellationToken ct) =>
        db.Tiles.AsNoTracking().Where(t => t.Level == level && t.Number == number).Select(t => t.Hashes).FirstOrDefaultAsync(ct);

    /// <summary>The hashes of a proof.</summary>
    public async Task<List<byte[]>> Hashes(IReadOnlyList<IReadOnlyList<Subtree>> path, CancellationToken ct)
    {
        var tiles = new Dictionary<(int Level, long Number), Tile>();
        foreach (var part in path.SelectMany(range => range))
        {
            var (level, number, _, _) = Tile.Of(part);
            if (tiles.ContainsKey((level, number))) continue;
            var hashes = await Hashes(level, number, ct)
                ?? throw new InvalidDataException("A tile of the audit log's tree is missing. Run 'Aegis.Host audit verify'.");
            tiles[(level, number)] = new Tile(level, number, hashes);
        }

        return path.Select(range => Subtree.Fold(range.Select(part =>
        {
            var (level, number, first, count) = Tile.Of(part);
            return tiles[(level, number)].Root(first, count);
        }).ToList())).ToList();
    }
}

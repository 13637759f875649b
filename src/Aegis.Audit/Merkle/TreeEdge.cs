namespace Aegis.Audit.Merkle;

/// <summary>A tile that an append created or extended.</summary>
internal sealed record GrownTile(Tile Tile, bool IsNew);

/// <summary>
/// The right edge of the Merkle tree: its size and the unfinished tile of each level. This is enough to append leaves and to compute the
/// root. It is immutable, so a failed transaction leaves the old edge valid. <see cref="Hashing"/> computes leaves and nodes, <see
/// cref="Subtree"/> names complete subtrees, and <see cref="Tile"/> stores 256 hashes of one level in a <see cref="TileRow"/>. <see
/// cref="ProofPaths"/> selects the hashes of a proof. Sequencing writes the tree; Proofs, Tlog and Verification read it. A missing tile is
/// reported, never recomputed.
/// </summary>
internal sealed class TreeEdge
{
    private readonly List<byte[]>[] levels;

    private TreeEdge(long size, List<byte[]>[] levels) => (Size, this.levels) = (size, levels);

    public static TreeEdge Empty { get; } = new(0, []);

    /// <summary>Number of leaves.</summary>
    public long Size { get; }

    /// <summary>The edge of a stored tree, built from its unfinished tiles, which <see cref="Unfinished"/> lists.</summary>
    public static TreeEdge From(long size, IReadOnlyCollection<Tile> tiles)
    {
        var levels = new List<List<byte[]>>();
        for (var level = 0; Tile.LevelCount(level, size) > 0; level++)
        {
            var width = (int)(Tile.LevelCount(level, size) % Tile.MaxHashes);
            var tile = tiles.FirstOrDefault(t => t.Level == level);
            if (width > 0 && (tile is null || tile.Width < width))
                throw new InvalidDataException(
                    $"A hash of level {level} is missing in the audit log's tree of {size} entries. Run 'Aegis.Host audit verify'.");
            levels.Add(Enumerable.Range(0, width).Select(i => tile!.Hash(i)).ToList());
        }

        return new TreeEdge(size, [.. levels]);
    }

    /// <summary>The unfinished tiles of a tree of this size.</summary>
    public static IEnumerable<(int Level, long Number)> Unfinished(long size)
    {
        for (var level = 0; Tile.LevelCount(level, size) is > 0 and var count; level++)
        {
            if (count % Tile.MaxHashes > 0) yield return (level, count / Tile.MaxHashes);
        }
    }

    /// <summary>Returns the tree with more leaves, and the tiles that changed.</summary>
    public (TreeEdge Edge, IReadOnlyList<GrownTile> Tiles) Append(IReadOnlyList<byte[]> leaves)
    {
        var grown = levels.Select(l => new List<byte[]>(l)).ToList();
        var tiles = new List<GrownTile>();
        var size = Size;
        foreach (var leaf in leaves)
        {
            size++;
            Add(grown, 0, leaf, size, tiles);
        }

        for (var level = 0; level < grown.Count; level++)
        {
            var number = Tile.LevelCount(level, size) / Tile.MaxHashes;
            if (grown[level].Count > Tile.WidthAt(level, number, Size)) tiles.Add(Grown(level, number, grown[level]));
        }

        return (new TreeEdge(size, [.. grown]), tiles);
    }

    /// <summary>The unfinished tiles.</summary>
    public IEnumerable<Tile> Tiles() =>
        Unfinished(Size).Select(u => new Tile(u.Level, u.Number, [.. levels[u.Level].SelectMany(h => h)]));

    public byte[] Root()
    {
        var hashes = new List<byte[]>();
        for (var level = levels.Length - 1; level >= 0; level--)
        {
            foreach (var part in Subtree.Of(0, levels[level].Count))
                hashes.Add(Subtree.Root(levels[level], (int)(part.Index << part.Height), 1 << part.Height));
        }

        return Subtree.Fold(hashes);
    }

    private void Add(List<List<byte[]>> grown, int level, byte[] hash, long size, List<GrownTile> tiles)
    {
        if (grown.Count == level) grown.Add([]);
        grown[level].Add(hash);
        if (grown[level].Count < Tile.MaxHashes) return;

        tiles.Add(Grown(level, (Tile.LevelCount(level, size) - 1) / Tile.MaxHashes, grown[level]));
        var root = Subtree.Root(grown[level], 0, Tile.MaxHashes);
        grown[level] = [];
        Add(grown, level + 1, root, size, tiles);
    }

    private GrownTile Grown(int level, long number, List<byte[]> hashes)
    {
        var bytes = new byte[hashes.Count * Hashing.Length];
        for (var i = 0; i < hashes.Count; i++) hashes[i].CopyTo(bytes, i * Hashing.Length);
        return new GrownTile(new Tile(level, number, bytes), Tile.WidthAt(level, number, Size) == 0);
    }
}

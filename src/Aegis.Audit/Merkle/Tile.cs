namespace Aegis.Audit.Merkle;

/// <summary>
/// Up to 256 adjacent hashes of one level. A hash of level L covers the complete subtree of 256^L leaves (<see
/// href="https://c2sp.org/tlog-tiles"/>).
/// </summary>
/// <param name="Level">0 for the leaves.</param>
/// <param name="Number">Index of the tile in its level, from 0.</param>
/// <param name="Hashes">The concatenated hashes.</param>
internal sealed record Tile(int Level, long Number, byte[] Hashes)
{
    /// <summary>Height of the subtree whose leaves are a tile's hashes.</summary>
    public const int Height = 8;

    /// <summary>Number of hashes in a full tile.</summary>
    public const int MaxHashes = 1 << Height;

    public const int MaxBytes = MaxHashes * Hashing.Length;

    /// <summary>Enough levels for any size that fits in a long.</summary>
    public const int MaxLevels = 8;

    public int Width => Hashes.Length / Hashing.Length;

    /// <summary>How many hashes the level has in a tree of this size.</summary>
    public static long LevelCount(int level, long size) => level >= MaxLevels ? 0 : size >> (level * Height);

    /// <summary>Number of hashes of the tile in a tree of this size; 0 if the tile does not exist yet.</summary>
    public static int WidthAt(int level, long number, long size) =>
        (int)Math.Clamp(LevelCount(level, size) - number * MaxHashes, 0, MaxHashes);

    /// <summary>The tile that contains a subtree, and the range of hashes in it.</summary>
    public static (int Level, long Number, int First, int Count) Of(Subtree subtree)
    {
        var (level, within) = (subtree.Height / Height, subtree.Height % Height);
        var first = subtree.Index << within;
        return (level, first / MaxHashes, (int)(first % MaxHashes), 1 << within);
    }

    public byte[] Hash(int index) => Hashes.AsSpan(index * Hashing.Length, Hashing.Length).ToArray();

    /// <summary>The hash over adjacent hashes of the tile. Their count must be a power of two.</summary>
    public byte[] Root(int first, int count) => Subtree.Root(Enumerable.Range(first, count).Select(Hash).ToList(), 0, count);
}

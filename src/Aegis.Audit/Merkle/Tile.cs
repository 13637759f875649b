namespace Aegis.Audit.Merkle;

/// <summary>
/// Up to 256 neighbouring hashes of one level. A hash of level L is that of the complete subtree of 256^L leaves
/// (<see href="https://c2sp.org/tlog-tiles"/>).
/// </summary>
/// <param name="Level">0 for the leaves.</param>
/// <param name="Number">Which tile of the level, from 0 on.</param>
/// <param name="Hashes">The hashes, one after the other.</param>
internal sealed record Tile(int Level, long Number, byte[] Hashes)
{
    /// <summary>A tile's hashes are the leaves of a subtree of this height.</summary>
    public const int Height = 8;

    /// <summary>Hashes of a full tile.</summary>
    public const int MaxHashes = 1 << Height;

    public const int MaxBytes = MaxHashes * Hashing.Length;

    /// <summary>No level of a tree that a long can count is higher.</summary>
    public const int MaxLevels = 8;

    public int Width => Hashes.Length / Hashing.Length;

    /// <summary>How many hashes the level has in a tree of this size.</summary>
    public static long LevelCount(int level, long size) => level >= MaxLevels ? 0 : size >> (level * Height);

    /// <summary>How wide the tile is in a tree of this size; 0 when it is not there yet.</summary>
    public static int WidthAt(int level, long number, long size) =>
        (int)Math.Clamp(LevelCount(level, size) - number * MaxHashes, 0, MaxHashes);

    /// <summary>The tile that holds a subtree, and where in it.</summary>
    public static (int Level, long Number, int First, int Count) Of(Subtree subtree)
    {
        var (level, within) = (subtree.Height / Height, subtree.Height % Height);
        var first = subtree.Index << within;
        return (level, first / MaxHashes, (int)(first % MaxHashes), 1 << within);
    }

    public byte[] Hash(int index) => Hashes.AsSpan(index * Hashing.Length, Hashing.Length).ToArray();

    /// <summary>The hash over some neighbouring hashes of the tile, a power of two of them.</summary>
    public byte[] Root(int first, int count) => Subtree.Root(Enumerable.Range(first, count).Select(Hash).ToList(), 0, count);
}

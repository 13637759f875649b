using System.Numerics;

namespace Aegis.Audit.Merkle;

/// <summary>A complete subtree: <c>2^Height</c> leaves, starting at leaf <c>Index · 2^Height</c>. Its hash never changes.</summary>
internal readonly record struct Subtree(int Height, long Index)
{
    /// <summary>
    /// Splits the leaves from <paramref name="from"/> to before <paramref name="to"/> into complete subtrees, largest first. The range must
    /// result from the halving of RFC 6962, so that it starts at a multiple of its largest subtree's size.
    /// </summary>
    public static IReadOnlyList<Subtree> Of(long from, long to)
    {
        var found = new List<Subtree>();
        while (from < to)
        {
            var height = BitOperations.Log2((ulong)(to - from));
            found.Add(new Subtree(height, from >> height));
            from += 1L << height;
        }

        return found;
    }

    /// <summary>The hash over adjacent subtrees, largest first.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> hashes)
    {
        if (hashes.Count == 0) return Hashing.Empty;
        var folded = hashes[^1];
        for (var i = hashes.Count - 2; i >= 0; i--) folded = Hashing.Node(hashes[i], folded);
        return folded;
    }

    /// <summary>The hash of a complete subtree from the hashes of its parts. Their count must be a power of two.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> hashes, int first, int count) => count == 1
        ? hashes[first]
        : Hashing.Node(Root(hashes, first, count / 2), Root(hashes, first + count / 2, count / 2));
}

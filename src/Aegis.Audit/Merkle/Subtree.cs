using System.Numerics;

namespace Aegis.Audit.Merkle;

/// <summary>
/// A subtree whose leaves all exist: those from <c>Index · 2^Height</c> on, <c>2^Height</c> of them. Its hash never changes.
/// </summary>
internal readonly record struct Subtree(int Height, long Index)
{
    /// <summary>
    /// The complete subtrees of the leaves from <paramref name="from"/> to before <paramref name="to"/>, largest first. The range is one
    /// that RFC 6962 makes by halving, so it begins where its largest subtree may begin.
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

    /// <summary>The hash over neighbouring subtrees, largest first.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> hashes)
    {
        if (hashes.Count == 0) return Hashing.Empty;
        var folded = hashes[^1];
        for (var i = hashes.Count - 2; i >= 0; i--) folded = Hashing.Node(hashes[i], folded);
        return folded;
    }

    /// <summary>The hash of a complete subtree from those of the subtrees it consists of, a power of two of them.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> hashes, int first, int count) => count == 1
        ? hashes[first]
        : Hashing.Node(Root(hashes, first, count / 2), Root(hashes, first + count / 2, count / 2));
}

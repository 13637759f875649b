using System.Numerics;

namespace Aegis.Audit.Merkle;

/// <summary>
/// Selects the hashes of a proof (RFC 6962 §2.1.1 and §2.1.2). Each hash covers a range of leaves, which is given as subtrees to fold.
/// </summary>
internal static class ProofPaths
{
    /// <summary>Proves that a leaf is in the tree of this size. The path goes from the leaf to the root.</summary>
    public static IReadOnlyList<IReadOnlyList<Subtree>> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<IReadOnlyList<Subtree>>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var middle = from + Half(to - from);
            path.Add(index < middle ? Subtree.Of(middle, to) : Subtree.Of(from, middle));
            (from, to) = index < middle ? (from, middle) : (middle, to);
        }

        path.Reverse();
        return path;
    }

    /// <summary>Proves that the larger tree begins with all leaves of the smaller one.</summary>
    public static IReadOnlyList<IReadOnlyList<Subtree>> Consistency(long smaller, long larger)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smaller);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smaller, larger);
        var path = new List<IReadOnlyList<Subtree>>();
        if (smaller == 0) return path; // every tree extends the empty one
        var (from, to) = (0L, larger);
        while (smaller < to)
        {
            var middle = from + Half(to - from);
            path.Add(smaller <= middle ? Subtree.Of(middle, to) : Subtree.Of(from, middle));
            (from, to) = smaller <= middle ? (from, middle) : (middle, to);
        }

        if (from > 0) path.Add(Subtree.Of(from, to)); // from == 0: the smaller tree is a complete subtree, and the verifier has its root
        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below <paramref name="count"/>: the split point of the RFC.</summary>
    private static long Half(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}

using System.Numerics;

namespace Aegis.Audit.Merkle;

/// <summary>
/// Which hashes prove something (RFC 6962 §2.1.1 and §2.1.2). Each hash of a proof is that of a range of leaves, given as its subtrees,
/// which are to be folded.
/// </summary>
internal static class ProofPaths
{
    /// <summary>That the leaf is in the tree of this size, from the leaf up.</summary>
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

    /// <summary>That the tree of the larger size begins with all leaves of the smaller one.</summary>
    public static IReadOnlyList<IReadOnlyList<Subtree>> Consistency(long smaller, long larger)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smaller);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smaller, larger);
        var path = new List<IReadOnlyList<Subtree>>();
        if (smaller == 0) return path; // every tree begins with nothing
        var (from, to) = (0L, larger);
        while (smaller < to)
        {
            var middle = from + Half(to - from);
            path.Add(smaller <= middle ? Subtree.Of(middle, to) : Subtree.Of(from, middle));
            (from, to) = smaller <= middle ? (from, middle) : (middle, to);
        }

        if (from > 0) path.Add(Subtree.Of(from, to)); // a tree that is whole in the larger one is known by its root
        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below <paramref name="count"/>: where the RFC halves.</summary>
    private static long Half(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}

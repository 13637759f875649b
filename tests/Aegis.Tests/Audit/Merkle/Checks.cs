using Aegis.Audit.Merkle;

namespace Aegis.Tests.Audit.Merkle;

/// <summary>
/// The checks of an independent verifier: the root by the definition of RFC 6962, and proofs by the algorithms of RFC 9162.
/// </summary>
internal static class Checks
{
    /// <summary>The root exactly as defined in RFC 6962 §2.1.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return Hashing.Empty;
        if (leaves.Length == 1) return leaves[0];
        var half = 1;
        while (half * 2 < leaves.Length) half *= 2;
        return Hashing.Node(Root(leaves[..half]), Root(leaves[half..]));
    }

    /// <summary>RFC 9162 §2.1.3.2: true if the leaf has this index in the tree with this root.</summary>
    public static bool Includes(long index, long size, byte[] leaf, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (index >= size) return false;
        var (fn, sn, r) = (index, size - 1, leaf);
        foreach (var p in path)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                r = Hashing.Node(p, r);
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                r = Hashing.Node(r, p);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && r.AsSpan().SequenceEqual(root);
    }

    /// <summary>RFC 9162 §2.1.4.2: true if the second tree extends the first.</summary>
    public static bool Extends(long first, byte[] firstRoot, long second, byte[] secondRoot, IReadOnlyList<byte[]> path)
    {
        if (first == second) return path.Count == 0 && firstRoot.AsSpan().SequenceEqual(secondRoot);
        if (first == 0) return path.Count == 0;
        if (path.Count == 0) return false;
        var hashes = (first & (first - 1)) == 0 ? [firstRoot, .. path] : path.ToList();
        var (fn, sn) = (first - 1, second - 1);
        while ((fn & 1) == 1) (fn, sn) = (fn >> 1, sn >> 1);
        var (fr, sr) = (hashes[0], hashes[0]);
        foreach (var c in hashes.Skip(1))
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                (fr, sr) = (Hashing.Node(c, fr), Hashing.Node(c, sr));
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else
            {
                sr = Hashing.Node(sr, c);
            }

            (fn, sn) = (fn >> 1, sn >> 1);
        }

        return sn == 0 && fr.AsSpan().SequenceEqual(firstRoot) && sr.AsSpan().SequenceEqual(secondRoot);
    }
}

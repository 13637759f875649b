using System.Security.Cryptography;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The digest that names a set of instances whatever their order and packing: SHA-256 over the concatenated, sorted SHA-256 of the files.
/// </summary>
internal sealed class DeclaredDigest
{
    private readonly List<byte[]> digests = [];
    private long bytes;

    public int Instances => digests.Count;

    public long Bytes => bytes;

    public void Add(byte[] sha256, long length)
    {
        digests.Add(sha256);
        bytes += length;
    }

    public Manifest ToManifest()
    {
        digests.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in digests) hash.AppendData(digest);
        return new Manifest(digests.Count, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

using System.Security.Cryptography;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The digest that names a set of instances whatever their order and packing: SHA-256 over the concatenated, sorted SHA-256 of the files.
/// A file that is there twice is one instance.
/// </summary>
internal sealed class DeclaredDigest
{
    private readonly List<byte[]> digests = [];
    private readonly List<byte[]> repeated = [];
    private long bytes;
    private long repeatedBytes;

    public int Instances => digests.Count;

    public void Add(byte[] sha256, long length)
    {
        digests.Add(sha256);
        bytes += length;
    }

    /// <summary>Counts a file that was added before, for senders whose manifest counts files.</summary>
    public void AddAgain(byte[] sha256, long length)
    {
        repeated.Add(sha256);
        repeatedBytes += length;
    }

    public Manifest ToManifest() => Of(digests, bytes);

    /// <summary>Every file counted as often as it came.</summary>
    public Manifest ToManifestOfFiles() => Of([.. digests, .. repeated], bytes + repeatedBytes);

    private static Manifest Of(List<byte[]> digests, long bytes)
    {
        digests.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in digests) hash.AppendData(digest);
        return new Manifest(digests.Count, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

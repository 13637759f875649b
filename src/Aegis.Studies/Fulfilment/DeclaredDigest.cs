namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The digest that identifies a set of instances, independent of order and archive format: SHA-256 over the concatenated, sorted SHA-256
/// of the files. A file that was sent twice is one instance.
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
    public void AddDuplicate(byte[] sha256, long length)
    {
        repeated.Add(sha256);
        repeatedBytes += length;
    }

    public Manifest ToManifest() => new(digests.Count, bytes, ContentDigest.OfSet(digests));

    /// <summary>Counts every file as often as it was sent.</summary>
    public Manifest ToManifestOfFiles() =>
        new(digests.Count + repeated.Count, bytes + repeatedBytes, ContentDigest.OfSet(digests.Concat(repeated)));
}

using System.IO.Hashing;

namespace Aegis.Studies.Content.Archive;

/// <summary>Compares whole instances, read in order, with the checksums of the index, and computes their digests.</summary>
internal sealed class PayloadCheck(StudyIndex index) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<byte[]> digests = [];
    private readonly Crc32 crc = new();
    private long taken;

    /// <summary>SHA-256 of each instance that was read.</summary>
    public IReadOnlyList<byte[]> Digests => digests;

    public void Take(int instance, ReadOnlySpan<byte> bytes)
    {
        crc.Append(bytes);
        hash.AppendData(bytes);
        taken += bytes.Length;
        var expected = index[instance];
        if (taken < expected.Length) return;

        if (crc.GetCurrentHashAsUInt32() != expected.Crc32) throw new ContentCorruptException(expected.Offset / AgePayload.ChunkSize);

        digests.Add(hash.GetHashAndReset());
        crc.Reset();
        taken = 0;
    }

    public void Dispose() => hash.Dispose();
}

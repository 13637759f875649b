namespace Aegis.Studies.Content.Archive;

/// <summary>Digests of a study as it is served, in lower-case hex.</summary>
/// <param name="Bytes">Length of the archive.</param>
/// <param name="Sha256">SHA-256 of the archive.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of the instances. It does not depend on the archive format.</param>
internal sealed record ContentDigest(long Bytes, string Sha256, string InstancesSha256)
{
    /// <summary>Reads the whole study back, which authenticates every chunk and checks every instance against the index.</summary>
    /// <exception cref="ContentCorruptException">What was written cannot be read back.</exception>
    public static async Task<ContentDigest> Compute(StudyArchive archive, SealedStudyReader reader, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var check = new PayloadCheck(archive.Index);
        using var cursor = reader.Cursor();
        using var segments = archive.Segments(0, archive.Length).GetEnumerator();
        var bytes = 0L;
        await ArchiveCopy.Pump(new ArchiveSource(segments, cursor, check), (buffer, slice) =>
        {
            hash.AppendData(buffer.Span);
            bytes += slice.Bytes;
            return ValueTask.CompletedTask;
        }, ct);
        return new ContentDigest(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), OfSet(check.Digests));
    }

    /// <summary>
    /// Identifies a set of instances, independent of order and archive format: SHA-256 over their concatenated, sorted SHA-256.
    /// </summary>
    public static string OfSet(IEnumerable<byte[]> digests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytewise = Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        foreach (var digest in digests.Order(bytewise)) hash.AppendData(digest);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

using System.Security.Cryptography;
using Aegis.Studies.Content.Sealing;

namespace Aegis.Studies.Content.Serving;

/// <summary>Size and SHA-256 (lower-case hex) of an archive as it is served.</summary>
internal sealed record ContentDigest(long Bytes, string Sha256)
{
    /// <summary>Reads the whole study back, which authenticates every chunk and checks every instance against the index.</summary>
    /// <exception cref="ContentCorruptException">What was written cannot be read back.</exception>
    public static async Task<ContentDigest> Compute(StudyArchive archive, SealedStudyReader reader, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var cursor = reader.Cursor();
        using var segments = archive.Segments(0, archive.Length).GetEnumerator();
        var bytes = 0L;
        await ArchiveCopy.Pump(new ArchiveSource(segments, cursor, new PayloadCheck(archive.Index)), (buffer, slice) =>
        {
            hash.AppendData(buffer.Span);
            bytes += slice.Bytes;
            return ValueTask.CompletedTask;
        }, ct);
        return new ContentDigest(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

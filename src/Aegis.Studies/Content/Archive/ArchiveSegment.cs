namespace Aegis.Studies.Content.Archive;

/// <summary>
/// A range of bytes of the archive. It is either framing (headers, valid until the next segment is requested) or a slice of one
/// instance, given by its offset in the plaintext of the study.
/// </summary>
internal readonly record struct ArchiveSegment(ReadOnlyMemory<byte> Framing, int Instance, long Offset, long Length)
{
    public bool IsPayload => Instance >= 0;

    public static ArchiveSegment OfFraming(ReadOnlyMemory<byte> bytes) => new(bytes, -1, 0, bytes.Length);

    public static ArchiveSegment OfPayload(int instance, long offset, long length) => new(default, instance, offset, length);
}

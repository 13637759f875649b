using Aegis.Studies.Content.Sealing;

namespace Aegis.Studies.Content.Serving;

/// <summary>Compares whole instances, read in order, with the checksums of their index.</summary>
internal sealed class PayloadCheck(StudyIndex index)
{
    private Crc32 crc;
    private long taken;

    public void Take(int instance, ReadOnlySpan<byte> bytes)
    {
        crc.Append(bytes);
        taken += bytes.Length;
        var expected = index[instance];
        if (taken < expected.Length)
            return;

        if (crc.Value != expected.Crc32)
            throw new ContentCorruptException(expected.Offset / AgePayload.ChunkSize);

        (crc, taken) = (default, 0);
    }
}

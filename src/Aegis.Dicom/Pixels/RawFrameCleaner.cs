namespace Aegis.Dicom.Pixels;

/// <summary>
/// An uncompressed frame in a fragment (encapsulated uncompressed, PS3.5 A.4.11). What follows its last sample becomes zeros.
/// </summary>
internal sealed class RawFrameCleaner(PixelFacts facts, UnusedBits? unused) : CodestreamCleaner
{
    private readonly long frameBytes = (facts.FrameBits + 7) / 8;
    private long left = -1;

    public override bool IsStart(ReadOnlySpan<byte> head) => true;

    public override void Begin() => left = frameBytes;

    protected override int Step(Span<byte> bytes)
    {
        if (left <= 0) return ClearOutside(bytes);
        var count = (int)Math.Min(bytes.Length, left);
        unused?.Pass(bytes[..count]);
        left -= count;
        return count;
    }
}

namespace Aegis.Dicom.Pixels;

/// <summary>A frame without compression in a fragment (encapsulated uncompressed, PS3.5 A.4.11): what follows its last sample becomes zeros.</summary>
internal sealed class RawFrameCleaner(PixelFacts facts, UnusedBits? unused) : CodestreamCleaner
{
    private readonly long _bytes = (facts.FrameBits + 7) / 8;
    private long _left = -1;

    public override bool IsStart(ReadOnlySpan<byte> head) => true;

    public override void Begin() => _left = _bytes;

    protected override int Step(Span<byte> bytes)
    {
        if (_left <= 0) return ClearOutside(bytes);
        var count = (int)Math.Min(bytes.Length, _left);
        unused?.Pass(bytes[..count]);
        _left -= count;
        return count;
    }
}

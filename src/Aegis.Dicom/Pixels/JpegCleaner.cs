namespace Aegis.Dicom.Pixels;

/// <summary>
/// JPEG and JPEG-LS (ISO/IEC 10918-1 annex B, 14495-1 annex C). Payloads of COM, APPn and reserved markers become zeros. The headers of
/// those that decoders read (JFIF, Adobe, SPIFF, colour transform) stay. Thumbnails go too, because they show the patient as well as the
/// picture does.
/// </summary>
/// <param name="isPlain">Neither hierarchical nor arithmetically coded, so that segments for these are cleared.</param>
/// <param name="isLs">JPEG-LS, which has its own parameters.</param>
internal sealed class JpegCleaner(bool isPlain, bool isLs) : CodestreamCleaner
{
    private const byte Mark = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, Comment = 0xFE, Temporary = 0x01;

    private enum At : byte { Gap, Code, LengthHigh, LengthLow, Payload, Scan, ScanCode, End }

    // Marker, literal start and length of the part that stays.
    private static readonly (byte Marker, byte[] Literal, int Kept)[] Headers =
    [
        (0xE0, "JFIF\0"u8.ToArray(), 14), (0xE0, "JFXX\0"u8.ToArray(), 6), (0xE8, "SPIFF\0"u8.ToArray(), 30), (0xE8, "mrfx"u8.ToArray(), 5),
        (0xEE, "Adobe"u8.ToArray(), 12),
        (0xDC, [], 2), (0xDD, [], 2), // one number each: of lines, of the restart interval
    ];

    private At at = At.End;
    private byte marker;
    private int length;
    private int position; // within the payload
    private int matching; // one bit for each header that may still match

    public override bool IsStart(ReadOnlySpan<byte> head) => head is [Mark, StartOfImage, Mark, ..] or [Mark, StartOfImage];

    public override void Begin() => at = At.Gap;

    protected override int Step(Span<byte> bytes)
    {
        switch (at)
        {
            case At.Gap: return Gap(bytes);
            case At.Code: return Code(bytes[0]);
            case At.LengthHigh: (length, at) = (bytes[0] << 8, At.LengthLow); return 1;
            case At.LengthLow: return Length(bytes[0]);
            case At.Payload: return Payload(bytes);
            case At.Scan: return Scan(bytes);
            case At.ScanCode when bytes[0] is < 0x80 or (>= 0xD0 and <= 0xD7): at = At.Scan; return 1; // a stuffed byte, a restart
            case At.ScanCode: return Code(bytes[0]);
            default: return ClearOutside(bytes);
        }
    }

    // Between segments decoders only look for the next marker.
    private int Gap(Span<byte> bytes)
    {
        var mark = bytes.IndexOf(Mark);
        Clear(mark < 0 ? bytes : bytes[..mark]);
        if (mark < 0) return bytes.Length;
        at = At.Code;
        return mark + 1;
    }

    private int Code(byte code)
    {
        if (code is Mark) return 1; // fill
        marker = code;
        at = code switch
        {
            EndOfImage => At.End,
            0 or Temporary or StartOfImage or (>= 0xD0 and <= 0xD7) => At.Gap,
            _ => At.LengthHigh,
        };
        return 1;
    }

    private int Length(byte low)
    {
        length = Math.Max(0, (length | low) - 2);
        (position, matching) = (0, 0);
        for (var i = 0; i < Headers.Length; i++)
            if (Headers[i].Marker == marker) matching |= 1 << i;
        at = length > 0 ? At.Payload : AfterSegment();
        return 1;
    }

    private int Payload(Span<byte> bytes)
    {
        var count = Math.Min(bytes.Length, length - position);
        if (IsCleared(marker)) ClearPayload(bytes[..count]);
        position += count;
        if (position == length) at = AfterSegment();
        return count;
    }

    private void ClearPayload(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (matching == 0)
            {
                Clear(bytes[i..]);
                return;
            }
            if (!Stays(bytes[i], position + i)) Clear(bytes.Slice(i, 1));
        }
    }

    // All bytes kept so far are part of a literal, so a header that stops matching has kept nothing.
    private bool Stays(byte value, int offset)
    {
        for (var i = 0; i < Headers.Length; i++)
        {
            var (_, literal, kept) = Headers[i];
            if (offset >= kept || (offset < literal.Length && literal[offset] != value)) matching &= ~(1 << i);
        }
        return matching != 0;
    }

    private int Scan(Span<byte> bytes)
    {
        var mark = bytes.IndexOf(Mark);
        if (mark < 0) return bytes.Length;
        at = At.ScanCode;
        return mark + 1;
    }

    private At AfterSegment() => marker is StartOfScan ? At.Scan : At.Gap;

    // Application data, comments, reserved markers, and markers of another process: no decoder needs them.
    private bool IsCleared(byte marker) => IsOtherProcess(marker) || marker is 0xDC or 0xDD or >= 0xE0 and <= 0xEF or Comment
        or (>= 0xF0 and <= 0xF6) or (>= 0xF9 and <= 0xFD) or (>= 0x02 and <= 0xBF) or 0xC8;

    // Arithmetic conditioning, hierarchical progression, reference expansion; the parameters of JPEG-LS.
    private bool IsOtherProcess(byte marker) => isPlain && (marker is 0xCC or 0xDE or 0xDF || (marker is 0xF8 && !isLs));
}

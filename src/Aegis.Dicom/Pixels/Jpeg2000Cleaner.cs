namespace Aegis.Dicom.Pixels;

/// <summary>
/// JPEG 2000 and HTJ2K (ISO/IEC 15444-1 annex A; boxes of annex I, which some writers leave around the codestream). Comments and boxes
/// that are not part of the picture become zeros. Tile parts are skipped by their declared length, since their data may look like markers.
/// </summary>
internal sealed class Jpeg2000Cleaner : CodestreamCleaner
{
    private const byte Mark = 0xFF, StartOfCodestream = 0x4F, Comment = 0x64, StartOfTile = 0x90, StartOfData = 0x93,
        EndOfCodestream = 0xD9;
    private const int BoxHeader = 8, TileHeader = 8, Registration = 2;

    private enum At : byte { Box, Gap, Code, LengthHigh, LengthLow, Payload, Data, OpenData, OpenCode, ClearedBox, KeptBox, End }

    private readonly byte[] head = new byte[BoxHeader];
    private At at = At.End;
    private byte marker;
    private int filled; // bytes of head
    private long length, position; // of a payload or a box
    private long tileLeft; // bytes left in the current tile part; negative when it is open-ended

    private static ReadOnlySpan<byte> Signature => [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' '];

    public override bool IsStart(ReadOnlySpan<byte> head) =>
        head is [Mark, StartOfCodestream, Mark, 0x51, ..] or [Mark, StartOfCodestream] || IsBoxed(head);

    public static bool IsBoxed(ReadOnlySpan<byte> head) => head.StartsWith(Signature);

    public override void Begin() => (at, filled, tileLeft) = (At.Box, 0, 0);

    protected override int Step(Span<byte> bytes)
    {
        if (tileLeft > 0 && at is not (At.Box or At.End)) return Counted(bytes);
        return Walk(bytes);
    }

    // In a tile part every byte counts towards its declared length.
    private int Counted(Span<byte> bytes)
    {
        var taken = Walk(bytes.Length > tileLeft ? bytes[..(int)tileLeft] : bytes);
        tileLeft -= taken;
        if (tileLeft <= 0) (tileLeft, at) = (0, At.Gap);
        return taken;
    }

    private int Walk(Span<byte> bytes)
    {
        switch (at)
        {
            case At.Box: return Box(bytes);
            case At.Gap: return Gap(bytes);
            case At.Code: return Code(bytes[0]);
            case At.LengthHigh: (length, at) = (bytes[0] << 8, At.LengthLow); return 1;
            case At.LengthLow: return Length(bytes[0]);
            case At.Payload: return Payload(bytes);
            case At.Data: return bytes.Length;
            case At.OpenData: return OpenData(bytes);
            case At.OpenCode: at = bytes[0] is EndOfCodestream ? At.End : bytes[0] is Mark ? At.OpenCode : At.OpenData; return 1;
            case At.ClearedBox or At.KeptBox: return BoxPayload(bytes);
            default: return ClearOutside(bytes);
        }
    }

    // The first eight bytes decide: a codestream begins with its marker, a box with length and name.
    private int Box(Span<byte> bytes)
    {
        head[filled++] = bytes[0];
        if (filled == 1 && bytes[0] is Mark)
        {
            at = At.Code;
            return 1;
        }
        if (filled < BoxHeader) return 1;
        (filled, position) = (0, 0);
        var announced = BinaryPrimitives.ReadUInt32BigEndian(head);
        length = announced == 0 ? long.MaxValue : Math.Max(0, (long)announced - BoxHeader);
        var name = head.AsSpan(4);
        if (announced == 1) (at, length) = (At.KeptBox, BoxHeader); // a length of eight bytes follows
        else if (name.SequenceEqual("jp2c"u8)) at = At.Gap;
        else if (name.SequenceEqual("jp2h"u8)) at = At.Box; // its boxes follow
        else if (IsPictureBox(name)) at = At.KeptBox;
        else at = At.ClearedBox;
        if (length == 0) at = At.Box;
        return 1;
    }

    private static bool IsPictureBox(ReadOnlySpan<byte> name) =>
        "jP  ftypihdrbpcccolrpclrcmapcdefres "u8.IndexOf(name) is >= 0 and var at && at % name.Length == 0;

    private int BoxPayload(Span<byte> bytes)
    {
        var count = (int)Math.Min(bytes.Length, length - position);
        if (at is At.ClearedBox) Clear(bytes[..count]);
        position += count;
        if (position == length) at = At.Box;
        return count;
    }

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
        marker = code;
        at = code switch
        {
            Mark => At.Code,
            EndOfCodestream => At.End,
            StartOfData => tileLeft < 0 ? At.OpenData : At.Data,
            StartOfCodestream or (>= 0x30 and <= 0x3F) => At.Gap,
            _ => At.LengthHigh,
        };
        return 1;
    }

    private int Length(byte low)
    {
        (length, position, filled) = (Math.Max(0, (length | low) - 2), 0, 0);
        at = length > 0 ? At.Payload : At.Gap;
        return 1;
    }

    private int Payload(Span<byte> bytes)
    {
        if (marker is StartOfTile) return Tile(bytes[0]);
        var count = (int)Math.Min(bytes.Length, length - position);
        if (!IsPicture(marker))
        {
            var kept = marker is Comment ? (int)Math.Clamp(Registration - position, 0, count) : 0;
            Clear(bytes[kept..count]);
        }
        position += count;
        if (position == length) at = At.Gap;
        return count;
    }

    // Markers that decoders read (tables A.1 of parts 1, 2 and 15). Part 1 lets them skip all others.
    private static bool IsPicture(byte marker) => marker is (>= 0x50 and <= 0x53) or (>= 0x55 and <= 0x59) or (>= 0x5C and <= 0x61) or 0x63
        or (>= 0x71 and <= 0x79) or StartOfTile;

    private int Tile(byte next)
    {
        if (filled < TileHeader) head[filled++] = next;
        if (++position < length) return 1;
        var announced = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(2)); // from the marker on
        tileLeft = announced == 0 ? -1 : Math.Max(0, announced - (4 + length));
        at = At.Gap;
        return 1;
    }

    private int OpenData(Span<byte> bytes)
    {
        var mark = bytes.IndexOf(Mark);
        if (mark < 0) return bytes.Length;
        at = At.OpenCode;
        return mark + 1;
    }
}

using System.Buffers.Binary;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// JPEG 2000 and HTJ2K (ISO/IEC 15444-1 annex A; boxes of annex I, which some writers leave around the codestream). Comments become
/// zeros, boxes that are no picture too; tile parts are passed by the length they announce, since their data may look like markers.
/// </summary>
internal sealed class Jpeg2000Cleaner : CodestreamCleaner
{
    private const byte Mark = 0xFF, StartOfCodestream = 0x4F, Comment = 0x64, StartOfTile = 0x90, StartOfData = 0x93, EndOfCodestream = 0xD9;
    private const int BoxHeader = 8, TileHeader = 8, Registration = 2;

    private enum At : byte { Box, Gap, Code, LengthHigh, LengthLow, Payload, Data, OpenData, OpenCode, Hidden, KeptBox, End }

    private readonly byte[] _head = new byte[BoxHeader];
    private At _at = At.End;
    private byte _marker;
    private int _filled; // bytes of _head
    private long _length, _position; // of a payload or a box
    private long _tileLeft; // bytes of the tile part behind the current one; negative when it is open ended

    private static ReadOnlySpan<byte> Signature => [0, 0, 0, 12, (byte)'j', (byte)'P', (byte)' ', (byte)' '];

    public override bool IsStart(ReadOnlySpan<byte> head) => head is [Mark, StartOfCodestream, Mark, 0x51, ..] or [Mark, StartOfCodestream] || IsBoxed(head);

    public static bool IsBoxed(ReadOnlySpan<byte> head) => head.StartsWith(Signature);

    public override void Begin() => (_at, _filled, _tileLeft) = (At.Box, 0, 0);

    protected override int Step(Span<byte> bytes)
    {
        if (_tileLeft > 0 && _at is not (At.Box or At.End)) return Counted(bytes);
        return Walk(bytes);
    }

    // Within a tile part every byte counts against the length it announced.
    private int Counted(Span<byte> bytes)
    {
        var taken = Walk(bytes.Length > _tileLeft ? bytes[..(int)_tileLeft] : bytes);
        _tileLeft -= taken;
        if (_tileLeft <= 0) (_tileLeft, _at) = (0, At.Gap);
        return taken;
    }

    private int Walk(Span<byte> bytes)
    {
        switch (_at)
        {
            case At.Box: return Box(bytes);
            case At.Gap: return Gap(bytes);
            case At.Code: return Code(bytes[0]);
            case At.LengthHigh: (_length, _at) = (bytes[0] << 8, At.LengthLow); return 1;
            case At.LengthLow: return Length(bytes[0]);
            case At.Payload: return Payload(bytes);
            case At.Data: return bytes.Length;
            case At.OpenData: return OpenData(bytes);
            case At.OpenCode: _at = bytes[0] is EndOfCodestream ? At.End : bytes[0] is Mark ? At.OpenCode : At.OpenData; return 1;
            case At.Hidden or At.KeptBox: return BoxPayload(bytes);
            default: return ClearOutside(bytes);
        }
    }

    // Eight bytes decide: a codestream begins at once, a box has a length and a name.
    private int Box(Span<byte> bytes)
    {
        _head[_filled++] = bytes[0];
        if (_filled == 1 && bytes[0] is Mark)
        {
            _at = At.Code;
            return 1;
        }
        if (_filled < BoxHeader) return 1;
        (_filled, _position) = (0, 0);
        var length = BinaryPrimitives.ReadUInt32BigEndian(_head);
        _length = length == 0 ? long.MaxValue : Math.Max(0, (long)length - BoxHeader);
        var name = _head.AsSpan(4);
        if (length == 1) (_at, _length) = (At.KeptBox, BoxHeader); // a length of eight bytes follows
        else if (name.SequenceEqual("jp2c"u8)) _at = At.Gap;
        else if (name.SequenceEqual("jp2h"u8)) _at = At.Box; // its boxes follow
        else if (IsPictureBox(name)) _at = At.KeptBox;
        else _at = At.Hidden;
        if (_length == 0) _at = At.Box;
        return 1;
    }

    private static bool IsPictureBox(ReadOnlySpan<byte> name) =>
        "jP  ftypihdrbpcccolrpclrcmapcdefres "u8.IndexOf(name) is >= 0 and var at && at % name.Length == 0;

    private int BoxPayload(Span<byte> bytes)
    {
        var count = (int)Math.Min(bytes.Length, _length - _position);
        if (_at is At.Hidden) Clear(bytes[..count]);
        _position += count;
        if (_position == _length) _at = At.Box;
        return count;
    }

    private int Gap(Span<byte> bytes)
    {
        var mark = bytes.IndexOf(Mark);
        Clear(mark < 0 ? bytes : bytes[..mark]);
        if (mark < 0) return bytes.Length;
        _at = At.Code;
        return mark + 1;
    }

    private int Code(byte code)
    {
        _marker = code;
        _at = code switch
        {
            Mark => At.Code,
            EndOfCodestream => At.End,
            StartOfData => _tileLeft < 0 ? At.OpenData : At.Data,
            StartOfCodestream or (>= 0x30 and <= 0x3F) => At.Gap,
            _ => At.LengthHigh,
        };
        return 1;
    }

    private int Length(byte low)
    {
        (_length, _position, _filled) = (Math.Max(0, (_length | low) - 2), 0, 0);
        _at = _length > 0 ? At.Payload : At.Gap;
        return 1;
    }

    private int Payload(Span<byte> bytes)
    {
        if (_marker is StartOfTile) return Tile(bytes[0]);
        var count = (int)Math.Min(bytes.Length, _length - _position);
        if (!IsPicture(_marker))
        {
            var kept = _marker is Comment ? (int)Math.Clamp(Registration - _position, 0, count) : 0;
            Clear(bytes[kept..count]);
        }
        _position += count;
        if (_position == _length) _at = At.Gap;
        return count;
    }

    // What decoders read (tables A.1 of parts 1, 2 and 15). Part 1 lets them skip every other segment.
    private static bool IsPicture(byte marker) => marker is (>= 0x50 and <= 0x53) or (>= 0x55 and <= 0x59) or (>= 0x5C and <= 0x61) or 0x63
        or (>= 0x71 and <= 0x79) or StartOfTile;

    private int Tile(byte next)
    {
        if (_filled < TileHeader) _head[_filled++] = next;
        if (++_position < _length) return 1;
        var announced = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(2)); // from the marker on
        _tileLeft = announced == 0 ? -1 : Math.Max(0, announced - (4 + _length));
        _at = At.Gap;
        return 1;
    }

    private int OpenData(Span<byte> bytes)
    {
        var mark = bytes.IndexOf(Mark);
        if (mark < 0) return bytes.Length;
        _at = At.OpenCode;
        return mark + 1;
    }
}

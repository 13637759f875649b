using System.Buffers.Binary;

namespace Aegis.Dicom.Pixels;

/// <summary>
/// RLE (PS3.5 annex G): a table of segments, each a plane of bytes. What follows the last byte of a plane becomes zeros, up to the next
/// plane. The planes that hold unused bits are looked at while they pass.
/// </summary>
internal sealed class RleCleaner(PixelFacts facts) : CodestreamCleaner
{
    private const int HeaderBytes = 64, MaxSegments = 15;

    private enum At : byte { Header, Control, Literal, Repeat, Behind, End }

    private readonly byte[] _header = new byte[HeaderBytes];
    private readonly long _planeBytes = (long)facts.Rows * facts.Columns;
    private readonly int _wordBytes = Math.Max(1, facts.BitsAllocated / 8);
    private readonly int _planes = facts.Samples * Math.Max(1, facts.BitsAllocated / 8);
    private readonly bool _looks = facts.BitsStored < facts.BitsAllocated && facts.HighBit >= 0 && facts.HighBit < 32;
    private At _at = At.End;
    private long _position, _produced;
    private int _segments, _segment, _run;
    private byte _unused, _padding; // of the current plane

    /// <summary>Something stands in the unused bits that nothing explains.</summary>
    public bool IsForeign { get; private set; }

    public override bool IsStart(ReadOnlySpan<byte> head) => head.Length >= 8
        && BinaryPrimitives.ReadUInt32LittleEndian(head) is >= 1 and <= MaxSegments && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == HeaderBytes;

    public override void Begin() => (_at, _position, _segment) = (At.Header, 0, -1);

    protected override int Step(Span<byte> bytes)
    {
        if (_at is At.End) return ClearOutside(bytes);
        // A segment ends where the next begins, whatever it says itself.
        var end = _at is At.Header ? HeaderBytes : _segment + 1 < _segments ? Start(_segment + 1) : long.MaxValue;
        var count = (int)Math.Min(bytes.Length, Math.Max(1, end - _position));
        var taken = _at switch
        {
            At.Header => Header(bytes[..count]),
            At.Control => Control(bytes[0]),
            At.Literal => Literal(bytes[..count]),
            At.Repeat => Repeat(bytes[0]),
            _ => Behind(bytes[..count]),
        };
        _position += taken;
        if (_position >= end && _at is not At.Header) Next();
        return taken;
    }

    private int Header(Span<byte> bytes)
    {
        var taken = 0;
        for (; taken < bytes.Length && _at is At.Header; taken++)
        {
            var at = (int)_position + taken;
            if (at >= sizeof(uint) && at >= sizeof(uint) * (1 + _segments)) Clear(bytes.Slice(taken, 1)); // no segment's offset
            if (at == 0 && _planes is > 0 and <= MaxSegments && bytes[taken] > _planes) bytes[taken] = (byte)_planes; // a plane of no sample
            _header[at] = bytes[taken];
            if (at == sizeof(uint) - 1) _segments = (int)Math.Min(MaxSegments, BinaryPrimitives.ReadUInt32LittleEndian(_header));
            if (at == HeaderBytes - 1) _at = At.Behind;
        }
        return taken;
    }

    private void Next()
    {
        if (++_segment >= _segments)
        {
            _at = At.End;
            return;
        }
        _at = At.Control;
        _produced = 0;
        var shift = 8 * (_wordBytes - 1 - _segment % _wordBytes); // the most significant byte comes first
        var value = facts.HighBit >= 31 ? uint.MaxValue : (1u << (facts.HighBit + 1)) - 1;
        var low = facts.HighBit - facts.BitsStored + 1;
        if (low > 0) value &= ~((1u << low) - 1);
        _unused = _looks ? (byte)(~value >> shift) : (byte)0;
        _padding = facts.Padding is { } padding ? (byte)(padding.From >> shift) : (byte)0;
    }

    private int Control(byte control)
    {
        if (control == 128) return 1;
        _run = control < 128 ? control + 1 : 257 - control;
        _at = control < 128 ? At.Literal : At.Repeat;
        return 1;
    }

    private int Literal(Span<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _run);
        if (_unused != 0)
            foreach (var value in bytes[..count]) Look(value);
        _run -= count;
        _produced += count;
        if (_run == 0) Continue();
        return count;
    }

    private int Repeat(byte value)
    {
        if (_unused != 0) Look(value);
        _produced += _run;
        Continue();
        return 1;
    }

    private int Behind(Span<byte> bytes)
    {
        Clear(bytes);
        return bytes.Length;
    }

    private void Continue() => _at = _produced < _planeBytes ? At.Control : _segment + 1 < _segments ? At.Behind : At.End;

    private void Look(byte value)
    {
        var unused = value & _unused;
        if (unused != 0 && value != _padding && !(facts.IsSigned && unused == _unused)) IsForeign = true;
    }

    private long Start(int segment) => BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(sizeof(uint) * (1 + segment)));
}

namespace Aegis.Dicom.Pixels;

/// <summary>
/// RLE (PS3.5 annex G): a table of segments, each a plane of bytes. What follows the last byte of a plane becomes zeros, up to the next
/// plane. Planes that contain unused bits are checked while they stream.
/// </summary>
internal sealed class RleCleaner(PixelFacts facts) : CodestreamCleaner
{
    private const int HeaderBytes = 64, MaxSegments = 15;

    private enum At : byte { Header, Control, Literal, Repeat, Behind, End }

    private readonly byte[] header = new byte[HeaderBytes];
    private readonly long planeBytes = (long)facts.Rows * facts.Columns;
    private readonly int wordBytes = Math.Max(1, facts.BitsAllocated / 8);
    private readonly int planes = facts.Samples * Math.Max(1, facts.BitsAllocated / 8);
    private readonly bool hasUnusedBits = facts.BitsStored < facts.BitsAllocated && facts.HighBit >= 0 && facts.HighBit < 32;
    private At at = At.End;
    private long position, produced;
    private int segments, segment, run;
    private byte unused, padding; // of the current plane

    /// <summary>Unused bits are set without a known reason.</summary>
    public bool HasUnexplainedBits { get; private set; }

    public override bool IsStart(ReadOnlySpan<byte> head) => head.Length >= 8
        && BinaryPrimitives.ReadUInt32LittleEndian(head) is >= 1 and <= MaxSegments
        && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) == HeaderBytes;

    public override void Begin() => (at, position, segment) = (At.Header, 0, -1);

    protected override int Step(Span<byte> bytes)
    {
        if (at is At.End) return ClearOutside(bytes);
        // A segment ends where the next one begins, whatever its own data says.
        var end = at is At.Header ? HeaderBytes : segment + 1 < segments ? Start(segment + 1) : long.MaxValue;
        var count = (int)Math.Min(bytes.Length, Math.Max(1, end - position));
        var taken = at switch
        {
            At.Header => Header(bytes[..count]),
            At.Control => Control(bytes[0]),
            At.Literal => Literal(bytes[..count]),
            At.Repeat => Repeat(bytes[0]),
            _ => Behind(bytes[..count]),
        };
        position += taken;
        if (position >= end && at is not At.Header) Next();
        return taken;
    }

    private int Header(Span<byte> bytes)
    {
        var taken = 0;
        for (; taken < bytes.Length && at is At.Header; taken++)
        {
            var offset = (int)position + taken;
            if (offset >= sizeof(uint) && offset >= sizeof(uint) * (1 + segments)) Clear(bytes.Slice(taken, 1)); // no offset
            // Planes that belong to no sample are not counted.
            if (offset == 0 && planes is > 0 and <= MaxSegments && bytes[taken] > planes) bytes[taken] = (byte)planes;
            header[offset] = bytes[taken];
            if (offset == sizeof(uint) - 1) segments = (int)Math.Min(MaxSegments, BinaryPrimitives.ReadUInt32LittleEndian(header));
            if (offset == HeaderBytes - 1) at = At.Behind;
        }
        return taken;
    }

    private void Next()
    {
        if (++segment >= segments)
        {
            at = At.End;
            return;
        }
        at = At.Control;
        produced = 0;
        var shift = 8 * (wordBytes - 1 - segment % wordBytes); // the most significant byte comes first
        var value = facts.HighBit >= 31 ? uint.MaxValue : (1u << (facts.HighBit + 1)) - 1;
        var low = facts.HighBit - facts.BitsStored + 1;
        if (low > 0) value &= ~((1u << low) - 1);
        unused = hasUnusedBits ? (byte)(~value >> shift) : (byte)0;
        padding = facts.Padding is { } range ? (byte)(range.From >> shift) : (byte)0;
    }

    private int Control(byte control)
    {
        if (control == 128) return 1;
        run = control < 128 ? control + 1 : 257 - control;
        at = control < 128 ? At.Literal : At.Repeat;
        return 1;
    }

    private int Literal(Span<byte> bytes)
    {
        var count = Math.Min(bytes.Length, run);
        if (unused != 0)
            foreach (var value in bytes[..count]) Check(value);
        run -= count;
        produced += count;
        if (run == 0) Continue();
        return count;
    }

    private int Repeat(byte value)
    {
        if (unused != 0) Check(value);
        produced += run;
        Continue();
        return 1;
    }

    private int Behind(Span<byte> bytes)
    {
        Clear(bytes);
        return bytes.Length;
    }

    private void Continue() => at = produced < planeBytes ? At.Control : segment + 1 < segments ? At.Behind : At.End;

    private void Check(byte value)
    {
        var set = value & unused;
        if (set != 0 && value != padding && !(facts.IsSigned && set == unused)) HasUnexplainedBits = true;
    }

    private long Start(int segment) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(sizeof(uint) * (1 + segment)));
}

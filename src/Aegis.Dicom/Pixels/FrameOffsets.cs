namespace Aegis.Dicom.Pixels;

/// <summary>The tables of frame offsets among the fragments (PS3.5 A.4, PS3.3 C.7.6.3.1.8).</summary>
internal sealed class FrameOffsets
{
    private readonly List<long> fragments = []; // kept only to check an extended table
    private long[]? extended, lengths;
    private long next;

    /// <summary>Whether a Basic Offset Table is valid: from 0, ascending, one entry per frame. Anything else may be text.</summary>
    public static bool IsBasic(ReadOnlySpan<byte> table, int frames)
    {
        if (table.Length != (long)frames * sizeof(uint)) return false;
        long last = -1;
        for (var at = 0; at < table.Length; at += sizeof(uint))
        {
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(table[at..]);
            if (offset <= last || (at == 0 && offset != 0)) return false;
            last = offset;
        }
        return true;
    }

    /// <summary>Whether an extended table is plausible; <see cref="Fits"/> says at the end whether it is correct.</summary>
    public bool TakeExtended(ReadOnlySpan<byte> table, int frames)
    {
        if (table.Length != (long)frames * sizeof(ulong)) return false;
        var offsets = Numbers(table);
        for (var i = 0; i < offsets.Length; i++)
            if (offsets[i] < 0 || (i == 0 ? offsets[i] != 0 : offsets[i] <= offsets[i - 1])) return false;
        extended = offsets;
        return true;
    }

    public bool TakeLengths(ReadOnlySpan<byte> table)
    {
        if (extended is null || table.Length != extended.Length * sizeof(ulong)) return false;
        lengths = Numbers(table);
        return true;
    }

    /// <summary>Records the length of the next fragment.</summary>
    public void Add(uint length)
    {
        var offset = next;
        next += 8 + (long)length;
        if (extended is not null && fragments.Count <= extended.Length)
        {
            fragments.Add(offset);
            var i = fragments.Count - 1;
            // A frame of odd length is padded; its length is counted without the padding.
            if (lengths is not null && i < lengths.Length && lengths[i] != length && lengths[i] != (long)length - 1) lengths = [];
        }
    }

    /// <summary>The extended table lists exactly the fragments that were read. With such a table each frame is one fragment.</summary>
    public bool Fits => extended is null || (fragments.Count == extended.Length && fragments.AsEnumerable().SequenceEqual(extended)
        && (lengths is null || lengths.Length == extended.Length));

    private static long[] Numbers(ReadOnlySpan<byte> table)
    {
        var numbers = new long[table.Length / sizeof(ulong)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(table[(i * sizeof(ulong))..]);
        return numbers;
    }
}

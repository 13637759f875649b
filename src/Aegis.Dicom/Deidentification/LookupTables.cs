namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Look-up tables of one item with their descriptors (PS3.3 C.7.6.3.1.5, C.11.1.1.1): entries, first value, bits of an entry. No reader
/// uses what is longer than the descriptor says.
/// </summary>
internal sealed class LookupTables
{
    private const int MaxEntries = 65_536;
    private readonly Dictionary<uint, (int Entries, int Bits)> descriptors = [];

    public void Clear() => descriptors.Clear();

    public static bool IsDescriptor(uint tag) => tag is Lut or (>= Red and <= Alpha);

    public static bool IsData(uint tag) => DescriptorOf(tag) != 0;

    public static bool IsSegmented(uint tag) => tag is >= SegmentedRed and <= SegmentedAlpha;

    public void Note(uint descriptor, ReadOnlySpan<byte> value)
    {
        if (value.Length < 6) return;
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(value);
        descriptors[descriptor] = (entries == 0 ? MaxEntries : entries, BinaryPrimitives.ReadUInt16LittleEndian(value[4..]));
    }

    /// <summary>How many bytes of plain data stay; 0 without a descriptor.</summary>
    public uint Length(uint tag, uint length)
    {
        if (Find(tag) is not { } table) return 0;
        var words = (uint)table.Entries * sizeof(ushort);
        // Entries of eight bits are packed, two in a word. Some writers use one word for each.
        if (table.Bits > 8 || length == words) return Math.Min(length, words);
        return Math.Min(length, (uint)(table.Entries + (table.Entries & 1)));
    }

    /// <summary>How many bytes of segmented data fill the table (PS3.3 C.7.9.2); 0 when the segments are invalid.</summary>
    public int SegmentedLength(uint tag, ReadOnlySpan<byte> data)
    {
        if (Find(tag) is not { } table) return 0;
        var (at, entries) = (0, 0L);
        var segments = new SortedDictionary<int, int>(); // number of entries by start of the segment
        while (entries < table.Entries && at + 4 <= data.Length)
        {
            var (kind, count) = (ReadUInt16(data, at), ReadUInt16(data, at + 2));
            var size = kind switch { Discrete => 4 + 2 * count, Linear => 6, Indirect => 8, _ => 0 };
            if (size == 0 || at + size > data.Length) return 0;
            if (kind is not Indirect)
            {
                entries += count;
                segments[at] = count;
            }
            else
            {
                var from = ReadUInt16(data, at + 4) | ReadUInt16(data, at + 6) << 16;
                entries += segments.Where(x => x.Key >= from).Take(count).Sum(x => (long)x.Value);
            }
            at += size;
        }
        return entries >= table.Entries ? at : 0;
    }

    // Without its own descriptor, the transparency of a palette has as many entries as its colours.
    private (int Entries, int Bits)? Find(uint tag)
    {
        var descriptor = DescriptorOf(tag);
        if (descriptors.TryGetValue(descriptor, out var table)) return table;
        return descriptor is Alpha && descriptors.TryGetValue(Red, out table) ? table : null;
    }

    private const uint Lut = 0x0028_3002, LutData = 0x0028_3006, Red = 0x0028_1101, Alpha = 0x0028_1104, RedData = 0x0028_1201,
        AlphaData = 0x0028_1204,
        SegmentedRed = 0x0028_1221, SegmentedAlpha = 0x0028_1224;

    private const int Discrete = 0, Linear = 1, Indirect = 2;

    private static uint DescriptorOf(uint tag) => tag switch
    {
        LutData => Lut,
        >= RedData and <= AlphaData => tag - RedData + Red,
        >= SegmentedRed and <= SegmentedAlpha => tag - SegmentedRed + Red,
        _ => 0,
    };

    private static int ReadUInt16(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);
}

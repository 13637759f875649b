namespace Aegis.Studies.Metering;

/// <summary>
/// The bytes of a study that count for a view: the pixel data of instances that have pixel data, and all bytes of the others. They are
/// numbered in order, so that a contiguous range of the study is one interval of these numbers. Immutable.
/// </summary>
internal sealed class CountedBytes
{
    private readonly long[] from;
    private readonly long[] to;
    private readonly long[] before;

    private CountedBytes(IReadOnlyList<(long From, long To)> parts)
    {
        (from, to, before) = (new long[parts.Count], new long[parts.Count], new long[parts.Count]);
        for (var i = 0; i < parts.Count; i++)
        {
            (from[i], to[i], before[i]) = (parts[i].From, parts[i].To, Total);
            Total += to[i] - from[i];
        }
    }

    /// <summary>The number of counted bytes.</summary>
    public long Total { get; }

    /// <summary>Creates them from parts of the contiguous instances. Overlapping and adjacent parts are merged.</summary>
    public static CountedBytes Of(IntervalSet parts) => new(parts.Intervals);

    public static CountedBytes FromBytes(ReadOnlySpan<byte> bytes) => new(IntervalSet.FromBytes(bytes).Intervals);

    public byte[] ToBytes()
    {
        var parts = new IntervalSet();
        for (var i = 0; i < from.Length; i++) parts.Add(from[i], to[i]);
        return parts.ToBytes();
    }

    /// <summary>The number of counted bytes before this position of the instances.</summary>
    public long Before(long position)
    {
        var i = FirstEndingAfter(position);
        return i == to.Length ? Total : before[i] + Math.Max(0, position - from[i]);
    }

    /// <summary>
    /// The position right after the counted byte number <paramref name="number"/> - 1, or the maximum value when there are fewer.
    /// </summary>
    public long EndOf(long number)
    {
        if (number > Total) return long.MaxValue;
        var i = Array.BinarySearch(before, number);
        i = (i < 0 ? ~i : i) - 1; // the last part that begins before that number
        return i < 0 ? 0 : from[i] + (number - before[i]);
    }

    private int FirstEndingAfter(long position)
    {
        var i = Array.BinarySearch(to, position);
        return i < 0 ? ~i : i + 1;
    }
}

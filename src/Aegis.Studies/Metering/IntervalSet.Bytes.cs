namespace Aegis.Studies.Metering;

/// <summary>The stored form: for each interval, the gap before it and its length as little-endian base-128 numbers.</summary>
internal sealed partial class IntervalSet
{
    /// <summary>The maximum stored size of an interval: two numbers of 63 bits, with seven bits in each byte.</summary>
    public const int MaxIntervalBytes = 2 * MaxNumberLength;

    private const int MaxNumberLength = 9;

    public byte[] ToBytes()
    {
        var bytes = new List<byte>(intervals.Count * 4);
        var end = 0L;
        foreach (var (from, to) in intervals)
        {
            Write(bytes, from - end);
            Write(bytes, to - from);
            end = to;
        }

        return [.. bytes];
    }

    /// <exception cref="FormatException">The bytes are not what <see cref="ToBytes"/> wrote.</exception>
    public static IntervalSet FromBytes(ReadOnlySpan<byte> bytes)
    {
        var set = new IntervalSet();
        var end = 0L;
        while (!bytes.IsEmpty)
        {
            var gap = Read(ref bytes);
            var length = Read(ref bytes);
            if (length == 0 || (gap == 0 && set.intervals.Count > 0) || gap > long.MaxValue - end || length > long.MaxValue - end - gap)
                throw Malformed();

            set.intervals.Add((end + gap, end + gap + length));
            set.Total += length;
            end += gap + length;
        }

        return set;
    }

    private static void Write(List<byte> bytes, long number)
    {
        for (; number > 0x7F; number >>= 7)
            bytes.Add((byte)(number | 0x80));
        bytes.Add((byte)number);
    }

    private static long Read(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var i = 0; i < Math.Min(MaxNumberLength, bytes.Length); i++)
        {
            number |= (long)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] <= 0x7F)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        throw Malformed();
    }

    private static FormatException Malformed() => new("The stored intervals are malformed.");
}

namespace Aegis.Studies.Metering;

/// <summary>
/// A set of numbers kept as half-open intervals, for the bytes that were served. At most <see cref="MaxIntervals"/>: beyond
/// that the smallest gap is closed, so the set may then claim more than was added, never less. For one caller at a time.
/// </summary>
internal sealed partial class IntervalSet
{
    public const int MaxIntervals = 1024; // keeps the serialised form below 20 KB

    private readonly List<(long From, long To)> intervals = [];

    public IReadOnlyList<(long From, long To)> Intervals => intervals;

    /// <summary>How many numbers are in the set.</summary>
    public long Total { get; private set; }

    public void Add(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        if (from == to)
            return;

        var first = FirstEndingAtOrAfter(from);
        var end = first;
        while (end < intervals.Count && intervals[end].From <= to)
        {
            from = Math.Min(from, intervals[end].From);
            to = Math.Max(to, intervals[end].To);
            Total -= intervals[end].To - intervals[end].From;
            end++;
        }

        intervals.RemoveRange(first, end - first);
        intervals.Insert(first, (from, to));
        Total += to - from;
        if (intervals.Count > MaxIntervals)
            CloseSmallestGap();
    }

    public void Union(IntervalSet other)
    {
        foreach (var (from, to) in other.intervals.ToArray())
            Add(from, to);
    }

    public bool Contains(long number) => Covers(number, number + 1);

    /// <summary>Whether all of [from, to) is in the set; nothing is always covered.</summary>
    public bool Covers(long from, long to)
    {
        if (from >= to)
            return true;

        var i = FirstEndingAtOrAfter(to);
        return i < intervals.Count && intervals[i].From <= from;
    }

    private int FirstEndingAtOrAfter(long number)
    {
        var (low, high) = (0, intervals.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (intervals[middle].To >= number)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void CloseSmallestGap()
    {
        var smallest = 1;
        for (var i = 2; i < intervals.Count; i++)
        {
            if (Gap(i) < Gap(smallest))
                smallest = i;
        }

        Total += Gap(smallest);
        intervals[smallest - 1] = (intervals[smallest - 1].From, intervals[smallest].To);
        intervals.RemoveAt(smallest);
    }

    private long Gap(int i) => intervals[i].From - intervals[i - 1].To;
}

namespace Aegis.Studies.Metering;

/// <summary>
/// A set of numbers stored as half-open intervals, for the bytes that were served. It is exact, and grows with what is added to it.
/// To make it smaller, choose the direction of the error: <see cref="DropSmallest"/> gives a lower bound and
/// <see cref="CloseSmallestGaps"/> an upper bound. For one caller at a time.
/// </summary>
internal sealed partial class IntervalSet
{
    private readonly List<(long From, long To)> intervals = [];

    public IReadOnlyList<(long From, long To)> Intervals => intervals;

    /// <summary>The count of numbers in the set.</summary>
    public long Total { get; private set; }

    public void Add(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        if (from == to) return;

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
    }

    public void Union(IntervalSet other)
    {
        foreach (var (from, to) in other.intervals.ToArray())
            Add(from, to);
    }

    public IntervalSet Copy()
    {
        var copy = new IntervalSet { Total = Total };
        copy.intervals.AddRange(intervals);
        return copy;
    }

    public bool Contains(long number) => Covers(number, number + 1);

    /// <summary>Whether all of [from, to) is in the set. An empty range is always covered.</summary>
    public bool Covers(long from, long to)
    {
        if (from >= to) return true;

        var i = FirstEndingAtOrAfter(to);
        return i < intervals.Count && intervals[i].From <= from;
    }

    /// <summary>Whether an interval that begins at <paramref name="number"/> would extend an existing one.</summary>
    public bool Joins(long number)
    {
        var i = FirstEndingAtOrAfter(number);
        return i < intervals.Count && intervals[i].From <= number;
    }

    /// <summary>The smallest end for which [from, end) has <paramref name="missing"/> numbers that are not in the set.</summary>
    public long EndThatAdds(long missing, long from)
    {
        for (var i = FirstEndingAtOrAfter(from); i < intervals.Count; i++)
        {
            var gap = Math.Max(0, intervals[i].From - from);
            if (missing <= gap) break;
            missing -= gap;
            from = intervals[i].To;
        }

        return from + missing;
    }

    /// <summary>
    /// Reduces the set to <paramref name="limit"/> intervals by dropping the shortest. It then has fewer numbers than were added, never
    /// more.
    /// </summary>
    public void DropSmallest(int limit)
    {
        while (intervals.Count > limit)
        {
            var smallest = 0;
            for (var i = 1; i < intervals.Count; i++)
            {
                if (Length(i) < Length(smallest)) smallest = i;
            }

            Total -= Length(smallest);
            intervals.RemoveAt(smallest);
        }
    }

    /// <summary>
    /// Reduces the set to <paramref name="limit"/> intervals by closing the smallest gaps. It then has more numbers than were added, never
    /// fewer.
    /// </summary>
    public void CloseSmallestGaps(int limit)
    {
        while (intervals.Count > limit)
        {
            var smallest = 1;
            for (var i = 2; i < intervals.Count; i++)
            {
                if (Gap(i) < Gap(smallest)) smallest = i;
            }

            Total += Gap(smallest);
            intervals[smallest - 1] = (intervals[smallest - 1].From, intervals[smallest].To);
            intervals.RemoveAt(smallest);
        }
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

    private long Length(int i) => intervals[i].To - intervals[i].From;

    private long Gap(int i) => intervals[i].From - intervals[i - 1].To;
}

using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Serving;

namespace Aegis.Studies.Metering;

/// <summary>Counts one stream in memory: cheap enough for each buffer, and taken from time to time by the meter in the database.</summary>
internal sealed class StreamMeter
{
    private readonly Lock guard = new();
    private readonly long wholeAt;
    private IntervalSet served = new();
    private IntervalSet unflushed = new();
    private long unflushedEgress;

    /// <param name="from">The first byte of the instances that the stream serves.</param>
    /// <param name="index">Where the instances lie.</param>
    public StreamMeter(long from, StudyIndex index)
    {
        var first = FirstStartingAt(from, index);
        wholeAt = first < index.Count ? index.Start(first + 1) : long.MaxValue;
    }

    /// <summary>All bytes handed to the network.</summary>
    public long Egress { get; private set; }

    /// <summary>True once a whole instance was served by this stream alone.</summary>
    public bool ServedWhole { get; private set; }

    public void Count(ServedSlice slice)
    {
        lock (guard)
        {
            served.Add(slice.From, slice.To);
            unflushed.Add(slice.From, slice.To);
            unflushedEgress += slice.Bytes;
            Egress += slice.Bytes;
            ServedWhole |= slice.To >= wholeAt; // a stream is contiguous
        }
    }

    /// <summary>All that this stream has served of the instances.</summary>
    public IntervalSet Served()
    {
        lock (guard)
        {
            var copy = new IntervalSet();
            copy.Union(served);
            return copy;
        }
    }

    /// <summary>What was counted since the last take; put it back when it could not be stored.</summary>
    public (IntervalSet Served, long Egress) Take()
    {
        lock (guard)
        {
            var taken = (unflushed, unflushedEgress);
            (unflushed, unflushedEgress) = (new IntervalSet(), 0);
            return taken;
        }
    }

    public void PutBack((IntervalSet Served, long Egress) taken)
    {
        lock (guard)
        {
            unflushed.Union(taken.Served);
            unflushedEgress += taken.Egress;
        }
    }

    /// <summary>True when the set holds every byte of at least one instance.</summary>
    public static bool HoldsWhole(IntervalSet set, StudyIndex index)
    {
        foreach (var (from, to) in set.Intervals)
        {
            var first = FirstStartingAt(from, index);
            if (first < index.Count && index.Start(first + 1) <= to) return true;
        }

        return false;
    }

    private static int FirstStartingAt(long position, StudyIndex index)
    {
        var (low, high) = (0, index.Count);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (index.Start(middle) >= position) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}

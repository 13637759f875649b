namespace Aegis.Studies.Metering;

/// <summary>
/// Counts one stream in memory, cheaply enough for each buffer. The ledger moves the counts into the database periodically. A stream
/// serves a contiguous range of the study, so its start and its position are enough.
/// </summary>
/// <param name="from">The first byte of the instances that the stream serves.</param>
internal sealed class StreamMeter(long from)
{
    private readonly Lock guard = new();
    private long position = from;
    private long stored = from;
    private long unstoredEgress;
    private long viewAt = long.MaxValue;

    /// <summary>All bytes handed to the network.</summary>
    public long Egress { get; private set; }

    /// <summary>The position that it has reached in the instances.</summary>
    public long Position
    {
        get
        {
            lock (guard) return position;
        }
    }

    /// <summary>Counts a buffer. Returns true once, when the stream reaches the position of the next view.</summary>
    public bool Count(ServedSlice slice)
    {
        lock (guard)
        {
            position = Math.Max(position, slice.To);
            unstoredEgress += slice.Bytes;
            Egress += slice.Bytes;
            if (position < viewAt) return false;
            viewAt = long.MaxValue;
            return true;
        }
    }

    /// <summary>Sets the position in the instances at which the next view is due.</summary>
    public void ExpectViewAt(long offset)
    {
        lock (guard) viewAt = offset;
    }

    /// <summary>Returns what was counted since the last call. Put it back if it could not be stored.</summary>
    public StreamPart Take()
    {
        lock (guard)
        {
            var part = new StreamPart(stored, position, unstoredEgress);
            (stored, unstoredEgress) = (position, 0);
            return part;
        }
    }

    public void PutBack(StreamPart part)
    {
        lock (guard)
        {
            stored = part.From;
            unstoredEgress += part.Egress;
        }
    }
}

/// <summary>A part of the bytes that one stream served.</summary>
/// <param name="From">Its first byte in the instances.</param>
/// <param name="To">The byte after its last.</param>
/// <param name="Egress">All bytes handed to the network, including framing.</param>
internal readonly record struct StreamPart(long From, long To, long Egress);

namespace Aegis.Studies.Metering;

/// <summary>
/// Counts one stream in memory: cheap enough for each buffer, and taken from time to time by the meter in the database. A stream is one
/// piece of the study, so it is counted by where it began and how far it came.
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

    /// <summary>How far it came in the instances.</summary>
    public long Position
    {
        get
        {
            lock (guard) return position;
        }
    }

    /// <summary>Counts a buffer. True, once, when the stream has come to where a view is due.</summary>
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

    /// <summary>Says where the next view is due, in the instances.</summary>
    public void ExpectViewAt(long place)
    {
        lock (guard) viewAt = place;
    }

    /// <summary>What was counted since the last take; put it back when it could not be stored.</summary>
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

/// <summary>A part of what one stream served.</summary>
/// <param name="From">Its first byte in the instances.</param>
/// <param name="To">The byte after its last.</param>
/// <param name="Egress">All bytes handed to the network, framing too.</param>
internal readonly record struct StreamPart(long From, long To, long Egress);

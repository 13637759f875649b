namespace Aegis.Studies.Metering;

/// <summary>What a stream is to serve.</summary>
/// <param name="From">First byte in the instances.</param>
/// <param name="To">The byte after the last.</param>
/// <param name="Bytes">All bytes that go to the network, framing too.</param>
/// <param name="IsPartial">A range of the archive was asked for.</param>
internal readonly record struct StreamPiece(long From, long To, long Bytes, bool IsPartial);

/// <summary>The account of one running stream.</summary>
/// <param name="leaseId">What it may serve.</param>
/// <param name="transferId">What it serves.</param>
/// <param name="piece">The part of it.</param>
/// <param name="requestedAt">When it was asked for: a view that is counted within the hour after covers it too.</param>
/// <param name="towards">The bytes that count for a view; null when a view covered the stream from its beginning.</param>
internal sealed class StreamAccount(string leaseId, string transferId, StreamPiece piece, DateTimeOffset requestedAt, CountedBytes? towards)
{
    public string LeaseId => leaseId;

    public string TransferId => transferId;

    public StreamPiece Piece => piece;

    /// <summary>What it has served.</summary>
    public StreamMeter Meter { get; } = new(piece.From);

    /// <summary>Set when the stream is over and its account closed.</summary>
    public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsComplete => Meter.Egress >= piece.Bytes;

    public bool IsCovered(Transfer transfer) => towards is null || transfer.IsCovered(requestedAt);

    /// <summary>
    /// Joins a part with all that went out since the last view, and counts one if that is enough. Returns where in the instances this
    /// stream comes to the next view.
    /// </summary>
    public long CountTowardsView(Transfer transfer, StreamPart part, DateTimeOffset now)
    {
        if (IsCovered(transfer)) return long.MaxValue;
        var (meter, threshold) = (transfer.Meter!, transfer.ViewThreshold!.Value);
        var uncovered = meter.Uncovered();
        uncovered.Add(towards!.Before(part.From), towards.Before(part.To));
        if (uncovered.Total < threshold)
        {
            meter.Keep(uncovered);
            return towards.EndOf(uncovered.EndThatAdds(threshold - uncovered.Total, towards.Before(part.To)));
        }

        transfer.View(requestedAt, now);
        meter.Keep(new IntervalSet());
        return long.MaxValue;
    }
}

namespace Aegis.Studies.Metering;

/// <summary>The range that a stream will serve.</summary>
/// <param name="From">First byte in the instances.</param>
/// <param name="To">The byte after the last.</param>
/// <param name="Bytes">All bytes that go to the network, including framing.</param>
/// <param name="IsPartial">The request asked for a range of the archive.</param>
internal readonly record struct StreamPiece(long From, long To, long Bytes, bool IsPartial);

/// <summary>The account of one running stream.</summary>
/// <param name="leaseId">The lease that allows it.</param>
/// <param name="transferId">The transfer that it serves.</param>
/// <param name="piece">The range that it serves.</param>
/// <param name="requestedAt">When it was requested. A view that is counted in the hour after covers it too.</param>
/// <param name="counted">The bytes that count for a view; null when a view covered the stream from its beginning.</param>
internal sealed class StreamAccount(string leaseId, string transferId, StreamPiece piece, DateTimeOffset requestedAt, CountedBytes? counted)
{
    public string LeaseId => leaseId;

    public string TransferId => transferId;

    public StreamPiece Piece => piece;

    /// <summary>Counts what it has served.</summary>
    public StreamMeter Meter { get; } = new(piece.From);

    /// <summary>Completed when the stream has ended and its account is closed.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsComplete => Meter.Egress >= piece.Bytes;

    public bool IsCovered(Transfer transfer) => counted is null || transfer.IsCovered(requestedAt);

    /// <summary>
    /// Adds a part to what was sent since the last view, and counts a view if the sum is enough. Returns the position in the instances at
    /// which this stream reaches the next view.
    /// </summary>
    public long CountTowardsView(Transfer transfer, StreamPart part, DateTimeOffset now)
    {
        if (IsCovered(transfer)) return long.MaxValue;
        var (meter, threshold) = (transfer.Meter!, transfer.ViewThreshold!.Value);
        var uncovered = meter.Uncovered();
        uncovered.Add(counted!.Before(part.From), counted.Before(part.To));
        if (uncovered.Total < threshold)
        {
            meter.SetUncovered(uncovered);
            return counted.EndOf(uncovered.EndThatAdds(threshold - uncovered.Total, counted.Before(part.To)));
        }

        transfer.View(requestedAt, now);
        meter.SetUncovered(new IntervalSet());
        return long.MaxValue;
    }
}

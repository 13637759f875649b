namespace Aegis.Studies.Transfers;

/// <summary>One ground on which a transfer is disputed. A dispute does not stop the window.</summary>
internal sealed class Dispute
{
    public Dispute(int number, DisputeGround ground, Initiator raisedBy, DateTimeOffset raisedAt)
    {
        Number = number;
        Ground = ground;
        RaisedBy = raisedBy;
        RaisedAt = raisedAt;
    }

    /// <summary>The number within the transfer, from 1.</summary>
    public int Number { get; private set; }

    public DisputeGround Ground { get; private set; }

    public Initiator RaisedBy { get; private set; }

    public DateTimeOffset RaisedAt { get; private set; }

    public DateTimeOffset? ResolvedAt { get; private set; }

    public void Resolve(DateTimeOffset now) => ResolvedAt ??= now;
}

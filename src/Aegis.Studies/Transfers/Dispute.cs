namespace Aegis.Studies.Transfers;

/// <summary>One ground on which a transfer is disputed. It never stops the clock of the window.</summary>
internal sealed class Dispute
{
    public Dispute(int number, DisputeGround ground, Initiator raisedBy, DateTimeOffset raisedAt)
    {
        Number = number;
        Ground = ground;
        RaisedBy = raisedBy;
        RaisedAt = raisedAt;
    }

    /// <summary>1 for the first of its transfer.</summary>
    public int Number { get; private set; }

    public DisputeGround Ground { get; private set; }

    public Initiator RaisedBy { get; private set; }

    public DateTimeOffset RaisedAt { get; private set; }

    public DateTimeOffset? ResolvedAt { get; private set; }

    public void Resolve(DateTimeOffset now) => ResolvedAt ??= now;
}

using Aegis.Kernel.Persistence;

namespace Aegis.Kernel.Idempotency;

/// <summary>A call with an Idempotency-Key under way. Its row is stored in the transaction of the change it makes.</summary>
/// <param name="Id">SHA-256 over organization, caller, route and key.</param>
/// <param name="BodyDigest">SHA-256 of the body.</param>
internal sealed record IdempotentCall(string Id, string BodyDigest)
{
    /// <summary>True once the row went into a save.</summary>
    public bool Recorded { get; private set; }

    /// <summary>The save that held the row failed, and the change is tried again.</summary>
    public void Withdraw() => Recorded = false;

    public IdempotencyRow Complete(string objectId, DateTimeOffset now)
    {
        Recorded = true;
        return new IdempotencyRow
        {
            Id = Id,
            BodyDigest = BodyDigest,
            ObjectId = objectId,
            At = now,
        };
    }
}

using Aegis.Kernel.Persistence;

namespace Aegis.Kernel.Idempotency;

/// <summary>A call with an Idempotency-Key under way. Its row is stored in the transaction of the change it makes.</summary>
internal sealed record IdempotentCall(string OrganizationId, string Subject, string Route, string Key, string BodyDigest)
{
    /// <summary>True once the row went into a save.</summary>
    public bool Recorded { get; private set; }

    public string Name => string.Join('\n', OrganizationId, Subject, Route, Key);

    public IdempotencyRow Complete(string objectId, DateTimeOffset now)
    {
        Recorded = true;
        return new IdempotencyRow
        {
            OrganizationId = OrganizationId,
            Subject = Subject,
            Route = Route,
            Key = Key,
            BodyDigest = BodyDigest,
            ObjectId = objectId,
            At = now,
        };
    }
}

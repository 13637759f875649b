using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;

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

/// <summary>Finds the first uses of keys.</summary>
internal static class EarlierCalls
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The earlier call, unless it is too old: then its row makes room for this one.</summary>
    public static async Task<IdempotencyRow?> FindCall(this KernelDb db, string id, DateTimeOffset now, CancellationToken ct)
    {
        var row = await db.Idempotency.AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, ct);
        if (row is null || row.At > now - Kept) return row;
        await db.InTransaction(() => db.Idempotency.Where(r => r.Id == row.Id && r.At == row.At).ExecuteDeleteAsync(ct), ct);
        return null;
    }
}

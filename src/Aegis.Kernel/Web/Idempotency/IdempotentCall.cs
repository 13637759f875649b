namespace Aegis.Kernel.Web.Idempotency;

/// <summary>A running call with an Idempotency-Key. Its row is saved in the transaction of the change that the call makes.</summary>
/// <param name="Id">SHA-256 over organization, caller, method, route template, route values and key.</param>
/// <param name="BodyDigest">SHA-256 of the body, and of the query if there is one.</param>
internal sealed record IdempotentCall(string Id, string BodyDigest)
{
    /// <summary>The id that release 0.1.0 stored, from the path as it was sent. Such rows are gone a day after an upgrade.</summary>
    public string? FormerId { get; init; }

    /// <summary>The digest that release 0.1.0 stored, of the body only.</summary>
    public string? FormerDigest { get; init; }

    /// <summary>True once the row was added to a save.</summary>
    public bool Recorded { get; private set; }

    /// <summary>Called when the save with the row failed, so that the next save adds it again.</summary>
    public void Withdraw() => Recorded = false;

    /// <summary>True when the earlier call had the same body and query.</summary>
    public bool IsRepeatOf(IdempotencyRow earlier) => earlier.BodyDigest == (earlier.Id == Id ? BodyDigest : FormerDigest);

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

/// <summary>Finds earlier calls with the same key.</summary>
internal static class EarlierCalls
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>Returns the earlier call. Deletes its row if it is too old, so that this call can store its own.</summary>
    public static async Task<IdempotencyRow?> FindCall(this KernelDb db, IdempotentCall call, DateTimeOffset now, CancellationToken ct)
    {
        var (id, former) = (call.Id, call.FormerId ?? call.Id);
        var rows = await db.Idempotency.AsNoTracking().Where(r => r.Id == id || r.Id == former).ToListAsync(ct);
        if (rows.Find(r => r.At > now - Kept) is { } row) return row;
        if (rows.Find(r => r.Id == id) is { } old)
            await db.InTransaction(() => db.Idempotency.Where(r => r.Id == old.Id && r.At == old.At).ExecuteDeleteAsync(ct), ct);
        return null;
    }
}

namespace Aegis.Kernel.Web.Idempotency;

/// <summary>A call with an Idempotency-Key under way. Its row is stored in the transaction of the change it makes.</summary>
/// <param name="Id">SHA-256 over organization, caller, method, route template, route values and key.</param>
/// <param name="BodyDigest">SHA-256 of the body, and of the query where there is one.</param>
internal sealed record IdempotentCall(string Id, string BodyDigest)
{
    /// <summary>
    /// The id under which release 0.1.0 stored the call, by its path as it was spelled. Its rows are gone a day after an upgrade.
    /// </summary>
    public string? FormerId { get; init; }

    /// <summary>The digest that release 0.1.0 stored: of the body alone.</summary>
    public string? FormerDigest { get; init; }

    /// <summary>True once the row went into a save.</summary>
    public bool Recorded { get; private set; }

    /// <summary>The save that held the row failed, and the change is tried again.</summary>
    public void Withdraw() => Recorded = false;

    /// <summary>True when the earlier call asked for the same.</summary>
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

/// <summary>Finds the first uses of keys.</summary>
internal static class EarlierCalls
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>The earlier call, unless it is too old: then its row makes room for this one.</summary>
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

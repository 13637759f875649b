namespace Aegis.Audit.Evidence;

/// <summary>
/// Replaces the current evidence key. The new key is published ten minutes before it signs, twice as long as the published list may be
/// cached. So no verifier sees a note whose key it cannot find.
/// </summary>
internal sealed class EvidenceKeyRotation(AuditDb db, EvidenceKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Creates the key that takes over after <see cref="Notice"/>. If the newest key has not started to sign, it is returned instead.
    /// </summary>
    public Task<EvidenceKey> Rotate(CancellationToken ct) => Create((all, now) =>
    {
        if (all is [var newest, ..] && newest.SignsFrom > now) return newest;

        var takeover = all.Count == 0 ? now : now + Notice;
        var next = keys.Next(all.FirstOrDefault(), takeover);
        foreach (var key in all) key.Retire(takeover);
        return next;
    }, ct);

    /// <summary>Creates a key that signs at once, and marks all others as possibly known to others.</summary>
    public Task<EvidenceKey> Replace(CancellationToken ct) => Create((all, now) =>
    {
        var next = keys.Next(all.FirstOrDefault(), now);
        foreach (var key in all) key.Distrust(now);
        return next;
    }, ct);

    /// <summary>Retries if another rotation saved first; its key may be the one that is needed.</summary>
    private Task<EvidenceKey> Create(Func<List<EvidenceKey>, DateTimeOffset, EvidenceKey> decide, CancellationToken ct) =>
        db.RetryOnConflict(async () =>
    {
        var key = decide(await db.EvidenceKeys.OrderByDescending(k => k.Number).ToListAsync(ct), clock.GetUtcNow());
        if (db.Entry(key).State is EntityState.Detached) db.EvidenceKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return key;
    }, alsoWhenTaken: true);
}

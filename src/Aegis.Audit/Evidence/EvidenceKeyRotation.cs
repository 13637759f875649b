namespace Aegis.Audit.Evidence;

/// <summary>
/// Puts the next evidence key in place of the one at work. It is published ten minutes before it signs, twice as long as the published list
/// may be cached, so that nobody meets a note whose key is missing.
/// </summary>
internal sealed class EvidenceKeyRotation(AuditDb db, EvidenceKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    /// <summary>Draws the key that takes over after <see cref="Notice"/>. One that is about to take over already is enough.</summary>
    public Task<EvidenceKey> Rotate(CancellationToken ct) => Draw((all, now) =>
    {
        if (all is [var newest, ..] && newest.SignsFrom > now) return newest;

        var takeover = all.Count == 0 ? now : now + Notice;
        var next = keys.Next(all.FirstOrDefault(), takeover);
        foreach (var key in all) key.Retire(takeover);
        return next;
    }, ct);

    /// <summary>Draws a key that signs at once, and says of all others that their private halves may be known.</summary>
    public Task<EvidenceKey> Replace(CancellationToken ct) => Draw((all, now) =>
    {
        var next = keys.Next(all.FirstOrDefault(), now);
        foreach (var key in all) key.Distrust(now);
        return next;
    }, ct);

    /// <summary>Another rotation may be faster; it may be enough.</summary>
    private Task<EvidenceKey> Draw(Func<List<EvidenceKey>, DateTimeOffset, EvidenceKey> decide, CancellationToken ct) =>
        db.RetryOnConflict(async () =>
    {
        var key = decide(await db.EvidenceKeys.OrderByDescending(k => k.Number).ToListAsync(ct), clock.GetUtcNow());
        if (db.Entry(key).State is EntityState.Detached) db.EvidenceKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return key;
    }, alsoWhenTaken: true);
}

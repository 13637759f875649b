namespace Aegis.Vault.Usage;

/// <summary>Reads how often and when the values of credentials were read.</summary>
internal static class CredentialUsage
{
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public static async Task<(UsageStats Stats, DateTimeOffset? LastAt)> Of(
        VaultDb db, string credentialId, DateTimeOffset now, CancellationToken ct)
    {
        var (day, week) = (now - Day, now - Week);
        var recent = await db.Uses.AsNoTracking().Where(u => u.CredentialId == credentialId)
            .GroupBy(u => 1)
            .Select(g => new
            {
                All = g.Sum(u => u.Uses),
                InDay = g.Sum(u => u.Minute > day ? u.Uses : 0),
                InWeek = g.Sum(u => u.Minute > week ? u.Uses : 0),
                LastAt = g.Max(u => u.LastAt),
            })
            .SingleOrDefaultAsync(ct); // one group, or none
        var before = await db.UseTotals.AsNoTracking().FirstOrDefaultAsync(t => t.CredentialId == credentialId, ct);
        return (
            new UsageStats((recent?.All ?? 0) + (before?.Uses ?? 0), recent?.InDay ?? 0, recent?.InWeek ?? 0),
            recent?.LastAt ?? before?.LastAt);
    }

    /// <summary>When each of these was last used; credentials without a use are left out.</summary>
    public static async Task<Dictionary<string, DateTimeOffset>> LastUses(
        VaultDb db, IReadOnlyList<string> credentialIds, CancellationToken ct)
    {
        var last = await db.UseTotals.AsNoTracking().Where(t => credentialIds.Contains(t.CredentialId))
            .ToDictionaryAsync(t => t.CredentialId, t => t.LastAt, ct);
        var recent = await db.Credentials.AsNoTracking().Where(c => credentialIds.Contains(c.Id))
            .Select(c => new
            {
                c.Id,
                At = db.Uses.Where(u => u.CredentialId == c.Id).OrderByDescending(u => u.Minute).Select(u => (DateTimeOffset?)u.LastAt)
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        foreach (var use in recent.Where(u => u.At is not null)) last[use.Id] = use.At!.Value;
        return last;
    }
}

using System.Linq.Expressions;

namespace Aegis.Vault.Health;

/// <summary>
/// The number of credentials by kind. The kinds add up to the total; each credential counts in the first that fits: failed, expired,
/// expiring, healthy, unknown. Unknown ones have no value or one that was never tested.
/// </summary>
internal sealed record CredentialCounts(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed)
{
    /// <summary>At most this many are counted one by one. A larger number means "this many or more".</summary>
    public const int MaxCounted = 10_000; // in the order of the index that finds them, so that counting needs no sort

    /// <summary>True when there are more credentials than were counted.</summary>
    public bool IsCapped { get; private init; }

    /// <summary>
    /// Counts all credentials of an organization that are in use. The total is stored; of each kind at most <see cref="MaxCounted"/> are
    /// counted.
    /// </summary>
    public static async Task<CredentialCounts> Of(VaultDb db, string organizationId, DateTimeOffset now, CancellationToken ct)
    {
        var total = await db.Totals.Where(t => t.OrganizationId == organizationId).Select(t => t.InUse).FirstOrDefaultAsync(ct);
        var inUse = db.Credentials.AsNoTracking().Where(c => c.OrganizationId == organizationId).InUse();
        var failed = await inUse.Failed(true).OrderBy(c => c.ExpiresAt).Take(MaxCounted).CountAsync(ct);
        var expired = await inUse.Failed(false).Where(c => c.ExpiresAt <= now).OrderBy(c => c.ExpiresAt).Take(MaxCounted).CountAsync(ct);
        var expiring = await inUse.Failed(false).Where(c => c.AlertsAt <= now && c.ExpiresAt > now).OrderBy(c => c.AlertsAt)
            .Take(MaxCounted)
            .CountAsync(ct);
        var healthy = await inUse.Failed(false).Where(c => c.Health == CredentialHealth.Healthy)
            .Where(c => (c.ExpiresAt == null || c.ExpiresAt > now) && (c.AlertsAt == null || c.AlertsAt > now))
            .OrderBy(c => c.ExpiresAt).Take(MaxCounted).CountAsync(ct);
        // The remainder is unknown, unless a count above is capped: then the uncounted ones would be called unknown.
        var isWhole = failed < MaxCounted && expired < MaxCounted && expiring < MaxCounted && healthy < MaxCounted;
        var unknown = isWhole
            ? Math.Max(0, total - failed - expired - expiring - healthy)
            : await inUse.Failed(false).Where(c => c.Health == CredentialHealth.Unknown)
                .Where(c => (c.ExpiresAt == null || c.ExpiresAt > now) && (c.AlertsAt == null || c.AlertsAt > now))
                .OrderBy(c => c.ExpiresAt).Take(MaxCounted).CountAsync(ct);
        return new CredentialCounts(total, healthy, unknown, expiring, expired, failed);
    }

    /// <summary>
    /// Counts the credentials that a filter selects, in one pass over the first <see cref="MaxCounted"/> of them, so that the kinds add up
    /// to the total.
    /// </summary>
    /// <param name="selected">The credentials in the order of the list.</param>
    /// <param name="now">Time of the call.</param>
    /// <param name="ct">Stops the query.</param>
    public static async Task<CredentialCounts> Of(IOrderedQueryable<Credential> selected, DateTimeOffset now, CancellationToken ct)
    {
        var kinds = await selected.Take(MaxCounted).Select(KindAt(now)).GroupBy(kind => kind)
            .Select(g => new { Kind = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Kind, g => g.Count, ct);
        var total = kinds.Values.Sum();
        var isCapped = total == MaxCounted && await selected.Skip(MaxCounted).AnyAsync(ct);
        int Count(Kind kind) => kinds.GetValueOrDefault(kind);
        return new CredentialCounts(
            total, Count(Kind.Healthy), Count(Kind.Unknown), Count(Kind.Expiring), Count(Kind.Expired), Count(Kind.Failed))
        {
            IsCapped = isCapped,
        };
    }

    private static Expression<Func<Credential, Kind>> KindAt(DateTimeOffset now) => c =>
        c.IsFailed ? Kind.Failed
        : c.ExpiresAt <= now ? Kind.Expired
        : c.AlertsAt <= now ? Kind.Expiring
        : c.Health == CredentialHealth.Healthy ? Kind.Healthy
        : Kind.Unknown;

    private enum Kind
    {
        Failed, Expired, Expiring, Healthy, Unknown,
    }
}

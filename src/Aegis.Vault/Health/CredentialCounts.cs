using Aegis.Vault.Credentials;
using Aegis.Vault.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Vault.Health;

/// <summary>
/// How the credentials of one organization do. The kinds divide all that are in use: failed before expired before expiring before unknown,
/// which have no value or one that was never tried.
/// </summary>
internal sealed record CredentialCounts(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed)
{
    /// <summary>Most that are counted one by one; beyond it a number says "so many or more".</summary>
    public const int Most = 10_000; // in the order of the index that finds them, so that counting sorts nothing

    public static async Task<CredentialCounts> Of(VaultDb db, string organizationId, DateTimeOffset now, CancellationToken ct)
    {
        var total = await db.Totals.Where(t => t.OrganizationId == organizationId).Select(t => t.InUse).FirstOrDefaultAsync(ct);
        var inUse = db.Credentials.AsNoTracking().Where(c => c.OrganizationId == organizationId).InUse();
        var failed = await inUse.Failed(true).OrderBy(c => c.ExpiresAt).Take(Most).CountAsync(ct);
        var expired = await inUse.Failed(false).Where(c => c.ExpiresAt <= now).OrderBy(c => c.ExpiresAt).Take(Most).CountAsync(ct);
        var expiring = await inUse.Failed(false).Where(c => c.AlertsAt <= now && c.ExpiresAt > now).OrderBy(c => c.AlertsAt).Take(Most)
            .CountAsync(ct);
        var healthy = await inUse.Failed(false).Where(c => c.Health == CredentialHealth.Healthy)
            .Where(c => (c.ExpiresAt == null || c.ExpiresAt > now) && (c.AlertsAt == null || c.AlertsAt > now))
            .OrderBy(c => c.ExpiresAt).Take(Most).CountAsync(ct);
        return new CredentialCounts(total, healthy, Math.Max(0, total - failed - expired - expiring - healthy), expiring, expired, failed);
    }
}

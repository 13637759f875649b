namespace Aegis.Vault.Health;

/// <summary>Builds the dashboard: the worst credentials first, each kind by its own index.</summary>
internal sealed class DashboardView(VaultDb db, ProviderConfigs configs, TimeProvider clock)
{
    private const int MaxShown = 100;

    public async Task<Dashboard> Show(string organizationId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var counts = await CredentialCounts.Of(db, organizationId, now, ct);
        var credentials = await WorstFirst(organizationId, now, ct);
        var used = await CredentialUsage.LastUses(db, credentials.ConvertAll(c => c.Id), ct);
        var alerts = await (
            from a in db.Alerts.AsNoTracking()
            where a.OrganizationId == organizationId
            join c in db.Credentials.AsNoTracking() on a.CredentialId equals c.Id
            orderby a.CreatedAt descending
            select new { Alert = a, c.Name, c.ExpiresAt, c.Provider, c.Config, c.RotationCron }).Take(MaxShown).ToListAsync(ct);
        return new Dashboard(
            new DashboardSummary(counts.Total, counts.Healthy, counts.Unknown, counts.Expiring, counts.Expired, counts.Failed),
            credentials.ConvertAll(c => new DashboardCredential(
                c.Name, c.StatusAt(now), c.Health, c.ExpiresAt is { } end ? Hours(end, now) : null,
                used.TryGetValue(c.Id, out var at) ? at : null,
                configs.WhyNotRotate(c.Provider, c.Config, c.RotationCron, c.IsBarred))),
            alerts.ConvertAll(a => new DashboardAlert(
                a.Name, a.Alert.Type,
                Sentence(a.Alert, a.ExpiresAt, configs.WhyNotRotate(a.Provider, a.Config, a.RotationCron, cannotRotate: true), now),
                a.Alert.CreatedAt)),
            now);
    }

    /// <summary>Whole hours from now, rounded towards zero.</summary>
    public static long Hours(DateTimeOffset end, DateTimeOffset now) => (long)(end - now).TotalHours;

    private async Task<List<Credential>> WorstFirst(string organizationId, DateTimeOffset now, CancellationToken ct)
    {
        var inUse = db.Credentials.AsNoTracking().Where(c => c.OrganizationId == organizationId).InUse();
        var worst = await inUse.Failed(true).OrderBy(c => c.ExpiresAt).Take(MaxShown).ToListAsync(ct);
        if (worst.Count < MaxShown)
            worst.AddRange(await inUse.Failed(false).Where(c => c.ExpiresAt <= now).OrderByDescending(c => c.ExpiresAt)
                .Take(MaxShown - worst.Count).ToListAsync(ct));
        if (worst.Count < MaxShown)
            worst.AddRange(await inUse.Failed(false).Where(c => c.AlertsAt <= now && c.ExpiresAt > now).OrderBy(c => c.AlertsAt)
                .Take(MaxShown - worst.Count).ToListAsync(ct));
        if (worst.Count < MaxShown)
        {
            var rest = inUse.Failed(false)
                .Where(c => (c.ExpiresAt == null || c.ExpiresAt > now) && (c.AlertsAt == null || c.AlertsAt > now));
            worst.AddRange(await rest.OrderBy(c => c.Name).Take(MaxShown - worst.Count).ToListAsync(ct));
        }

        return worst;
    }

    private static string Sentence(Alert alert, DateTimeOffset? expiresAt, string? whyNotRotate, DateTimeOffset now) => alert.Type switch
    {
        AlertType.Expiring when expiresAt is { } end => $"Credential expires in {Span(end - now)}",
        AlertType.Expiring => "Credential expires soon",
        AlertType.Expired when expiresAt is { } end => $"Credential expired {Span(now - end)} ago",
        AlertType.Expired => "Credential has expired",
        AlertType.CannotRotate => $"Cannot rotate: {whyNotRotate}",
        AlertType.RotationFailed => $"Rotation needs attention ({alert.Code})",
        _ => $"Credential does not work ({alert.Code})",
    };

    private static string Span(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{(long)time.TotalDays} days",
        { TotalHours: >= 2 } => $"{(long)time.TotalHours} hours",
        { TotalMinutes: >= 2 } => $"{(long)time.TotalMinutes} minutes",
        _ => "a minute",
    };
}

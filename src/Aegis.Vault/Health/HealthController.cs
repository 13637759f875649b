using Aegis.Kernel.Web.Validation;
using Microsoft.AspNetCore.Authorization;

namespace Aegis.Vault.Health;

/// <summary>The health of the vault and its credentials.</summary>
[ApiController]
[Route("v1/health")]
[Tags("Health")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class HealthController(
    VaultDb db, ProviderConfigs configs, DashboardView dashboard, CheckAll checkAll, RotationRunner runner, TimeProvider clock)
        : ControllerBase
{
    private const int DefaultThreshold = 168;
    private const int MaxThreshold = 87_600;
    private const int MaxExpiring = 200;

    /// <summary>Reports that the vault works. Callers with <c>credential:list</c> also get the counts of their credentials.</summary>
    /// <response code="200">It works.</response>
    [HttpGet]
    [AllowAnonymous]
    public async Task<HealthResponse> Get(CancellationToken ct)
    {
        if (HttpContext.FindCaller() is not { } caller || !caller.Has(Scopes.CredentialList))
            return new HealthResponse("healthy", "AEGIS", "2.0", null, null, null, null, null, null, null, "enabled", runner.LookedAt);
        var counts = await CredentialCounts.Of(db, caller.OrganizationId, clock.GetUtcNow(), ct);
        var barred = await db.Alerts.Where(a => a.OrganizationId == caller.OrganizationId && a.Type == AlertType.CannotRotate)
            .OrderBy(a => a.CreatedAt).Take(CredentialCounts.MaxCounted).CountAsync(ct);
        return new HealthResponse(
            "healthy", "AEGIS", "2.0", counts.Total, counts.Healthy, counts.Unknown, counts.Expiring, counts.Expired, counts.Failed, barred,
            "enabled", runner.LookedAt);
    }

    /// <summary>Shows the health of the organization's credentials, the worst first, and alerts.</summary>
    /// <response code="200">The dashboard.</response>
    [HttpGet("dashboard")]
    [RequireScope(Scopes.CredentialRead)]
    public Task<Dashboard> Dashboard(CancellationToken ct) => dashboard.Show(HttpContext.Caller().OrganizationId, ct);

    /// <summary>Lists the credentials that expire within a threshold, soonest first.</summary>
    /// <response code="200">The credentials.</response>
    /// <response code="400">validation_failed</response>
    [HttpGet("expiring")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<ExpiringResponse> Expiring([FromQuery(Name = "threshold_hours")] int? threshold, CancellationToken ct)
    {
        var hours = threshold ?? DefaultThreshold;
        if (hours is < 0 or > MaxThreshold) throw Invalid.Field("threshold_hours", $"threshold_hours must be from 0 to {MaxThreshold}.");
        var now = clock.GetUtcNow();
        var organization = HttpContext.Caller().OrganizationId;
        var until = now.AddHours(hours);
        var ending = db.Credentials.AsNoTracking().InUse().FailedOrNot()
            .Where(c => c.OrganizationId == organization && c.ExpiresAt > now && c.ExpiresAt <= until);
        var found = await ending.OrderBy(c => c.ExpiresAt).ThenBy(c => c.Name).Take(MaxExpiring)
            .Select(c => new
            {
                c.Name,
                c.ExpiresAt,
                c.RotationEnabled,
                c.RotationStrategy,
                c.CannotRotate,
                c.Provider,
                c.Config,
                c.RotationCron
            }).ToListAsync(ct);
        var count = found.Count < MaxExpiring ? found.Count : await ending.OrderBy(c => c.ExpiresAt).Take(CredentialCounts.MaxCounted)
            .CountAsync(ct);
        return new ExpiringResponse(
            found.ConvertAll(c =>
                new ExpiringCredential(c.Name, c.ExpiresAt!.Value, DashboardView.Hours(c.ExpiresAt.Value, now), c.RotationEnabled,
                configs.WhyNotRotate(c.Provider, c.Config, c.RotationCron,
                    c.CannotRotate && c.RotationEnabled && c.RotationStrategy != RotationStrategy.Manual))),
            count, hours);
    }

    /// <summary>Tests all credentials of the organization at their providers, for at most 30 seconds.</summary>
    /// <remarks>Credentials without a value or without a configured test are skipped and counted.</remarks>
    /// <response code="200">The results. If the time was over, <c>remaining</c> says how many were not tested.</response>
    [HttpPost("check-all")]
    [RequireScope(Scopes.CredentialRead)]
    public Task<CheckAllResponse> CheckEverything(CancellationToken ct) => checkAll.Run(HttpContext.Caller().OrganizationId, ct);
}

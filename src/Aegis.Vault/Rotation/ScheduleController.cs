using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Rotation;

/// <summary>One rotation that is to come.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="ScheduledAt">When it is due.</param>
/// <param name="Strategy"><c>scheduled</c> or <c>on_expiry</c>.</param>
internal sealed record ScheduledRotation(string Credential, DateTimeOffset ScheduledAt, RotationStrategy Strategy);

/// <summary>What is rotated by itself, and when.</summary>
/// <param name="UpcomingRotations">The next first.</param>
/// <param name="OverdueRotations">Due and not finished, the oldest first.</param>
/// <param name="CannotRotate">To be rotated by themselves, and not in the plan since their provider cannot make a value; the newest
/// first.</param>
/// <param name="GeneratedAt">When.</param>
internal sealed record RotationSchedule(
    IReadOnlyList<ScheduledRotation> UpcomingRotations, IReadOnlyList<ScheduledRotation> OverdueRotations,
    IReadOnlyList<BarredRotation> CannotRotate,
    DateTimeOffset GeneratedAt);

/// <summary>A credential that is to be rotated by itself and cannot.</summary>
/// <param name="Credential">Its name.</param>
/// <param name="Code">Always <c>rotation_not_configured</c>.</param>
/// <param name="Message">Why, and what to do.</param>
internal sealed record BarredRotation(string Credential, string Code, string Message);

/// <summary>The plan of rotations.</summary>
[ApiController]
[Route("v1/rotation/schedule")]
[Tags("Rotation")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ScheduleController(VaultDb db, ProviderConfigs configs, Caller caller, TimeProvider clock) : ControllerBase
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 200;

    /// <summary>Lists what is rotated by itself: what is to come and what is overdue.</summary>
    /// <param name="limit">At most that many of each: 1 to 200, 100 unless told.</param>
    /// <param name="ct">Ends the call.</param>
    /// <response code="200">The plan.</response>
    /// <response code="400">validation_failed (limit)</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<RotationSchedule> Get([FromQuery] int? limit, CancellationToken ct)
    {
        if (limit is < 1 or > MaxLimit) throw Invalid.Field("limit", $"limit must be between 1 and {MaxLimit}.");
        var (now, own, max) = (clock.GetUtcNow(), caller.OrganizationId, limit ?? DefaultLimit);
        var planned = db.Credentials.AsNoTracking().Where(c => c.OrganizationId == own && c.NextRotationAt != null);
        var upcoming = await planned.Where(c => c.NextRotationAt > now).OrderBy(c => c.NextRotationAt).Take(max)
            .Select(c => new ScheduledRotation(c.Name, c.NextRotationAt!.Value, c.RotationStrategy)).ToListAsync(ct);
        var overdue = await planned.Where(c => c.NextRotationAt <= now).OrderBy(c => c.NextRotationAt).Take(max)
            .Select(c => new ScheduledRotation(c.Name, c.NextRotationAt!.Value, c.RotationStrategy)).ToListAsync(ct);
        var barred = await (
            from a in db.Alerts.AsNoTracking()
            where a.OrganizationId == own && a.Type == AlertType.CannotRotate
            join c in db.Credentials.AsNoTracking() on a.CredentialId equals c.Id
            orderby a.CreatedAt descending
            select new { c.Name, c.Provider, c.Config, c.RotationCron }).Take(max).ToListAsync(ct);
        return new RotationSchedule(
            upcoming, overdue,
            barred.ConvertAll(c => new BarredRotation(
                c.Name, Credentials.Credential.RotationNotConfigured,
                configs.WhyNotRotate(c.Provider, c.Config, c.RotationCron, cannotRotate: true) ?? "")),
            now);
    }
}

using Aegis.Kernel.Web.Validation;

namespace Aegis.Vault.Rotation;

/// <summary>One planned rotation.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="ScheduledAt">When it is due.</param>
/// <param name="Strategy"><c>scheduled</c> or <c>on_expiry</c>.</param>
internal sealed record ScheduledRotation(string Credential, DateTimeOffset ScheduledAt, RotationStrategy Strategy);

/// <summary>The automatic rotations and when they are due.</summary>
/// <param name="UpcomingRotations">Soonest first.</param>
/// <param name="OverdueRotations">Due and not finished, oldest first.</param>
/// <param name="CannotRotate">Credentials with automatic rotation whose provider cannot make a value, so that no rotation is planned;
/// newest first.</param>
/// <param name="GeneratedAt">When the schedule was made.</param>
internal sealed record RotationSchedule(
    IReadOnlyList<ScheduledRotation> UpcomingRotations, IReadOnlyList<ScheduledRotation> OverdueRotations,
    IReadOnlyList<BarredRotation> CannotRotate,
    DateTimeOffset GeneratedAt);

/// <summary>A credential with automatic rotation that cannot be rotated.</summary>
/// <param name="Credential">Its name.</param>
/// <param name="Code">Always <c>rotation_not_configured</c>.</param>
/// <param name="Message">Why, and what to do.</param>
internal sealed record BarredRotation(string Credential, string Code, string Message);

/// <summary>The schedule of rotations.</summary>
[ApiController]
[Route("v1/rotation/schedule")]
[Tags("Rotation")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ScheduleController(VaultDb db, ProviderConfigs configs, Caller caller, TimeProvider clock) : ControllerBase
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 200;

    /// <summary>Lists upcoming and overdue automatic rotations.</summary>
    /// <param name="limit">How many of each at most: 1 to 200, default 100.</param>
    /// <param name="ct">Stops the call.</param>
    /// <response code="200">The schedule.</response>
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

using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Vault.Rotation;

/// <summary>Rotates credentials and rolls them back to older versions.</summary>
[ApiController]
[Route("v1/credentials/{name}")]
[Tags("Rotation")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class RotationController(VaultDb db, Caller caller, Rotator rotator, RotationRunner runner, VaultOptions options)
    : ControllerBase
{
    /// <summary>Makes a new value, sets it at the provider, tests it, and makes it current.</summary>
    /// <remarks>
    /// An interrupted rotation continues without a new call. If it is unclear which value is in force, both are tested at the provider and
    /// the one that works is kept. An <c>emergency</c> revokes the old value at once; otherwise it works for another
    /// <c>rotation_overlap_minutes</c> if the provider can keep both.
    /// </remarks>
    /// <response code="200">The new value is in use.</response>
    /// <response code="202">It continues; <c>Location</c> shows its progress.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_rotating, credential_retired, rotation_not_configured, rotation_needs_attention</response>
    [HttpPost("rotate")]
    [RequireScope(Scopes.CredentialRotate)]
    [Idempotent(StatusCodes.Status200OK, nameof(RotatedAgain))]
    [ProducesResponseType<RotateResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<RotatingResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult> Rotate(string name, RotateRequest request, CancellationToken ct)
    {
        var trigger = WireWords.Find<RotationTrigger>(request.Trigger)!.Value;
        var (credential, id) = await Begin(name, c => rotator.Begin(c, trigger, Origin(request.Reason), ct), ct);
        await runner.Run(id, trigger is RotationTrigger.Emergency ? null : credential, options.RotationWait);
        return await Answer(name, id, ct);
    }

    /// <summary>Makes an older version current again. The provider must first accept the old value, or have it set again.</summary>
    /// <response code="200">The older version is in use.</response>
    /// <response code="202">It continues; <c>Location</c> shows its progress.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found, version_not_found</response>
    /// <response code="409">credential_rotating, credential_retired, version_is_current, rollback_refused,
    /// rotation_needs_attention</response>
    [HttpPost("rollback")]
    [RequireScope(Scopes.CredentialRotate)]
    [Idempotent(StatusCodes.Status200OK, nameof(RotatedAgain))]
    [ProducesResponseType<RollbackResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<RotatingResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult> Rollback(string name, RollbackRequest request, CancellationToken ct)
    {
        var (credential, id) = await Begin(name, c => rotator.BeginRollback(c, request.Version, Origin(note: null), ct), ct);
        await runner.Run(id, credential, options.RotationWait);
        return await Answer(name, id, ct);
    }

    /// <summary>Lists the rotations and rollbacks of a credential, newest first.</summary>
    /// <response code="200">One page.</response>
    /// <response code="404">not_found</response>
    [HttpGet("rotations")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<Page<RotationItem>> List(string name, [FromQuery] PageQuery page, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        return await db.Rotations.Where(r => r.CredentialId == credential.Id).ToPage(page, r => RotationItem.From(r, credential.Name), ct);
    }

    /// <summary>Shows one rotation: its next step, and why it waits.</summary>
    /// <response code="200">The rotation.</response>
    /// <response code="404">not_found</response>
    [HttpGet("rotations/{rotation}")]
    [RequireScope(Scopes.CredentialRead)]
    public async Task<RotationItem> Get(string name, string rotation, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).Named(name, ct);
        return RotationItem.From(
            await db.Rotations.AsNoTracking().FirstOrDefaultAsync(r => r.CredentialId == credential.Id && r.Id == rotation, ct)
                ?? throw Refuse.NotFound("rotation"),
            credential.Name);
    }

    /// <summary>The answer to a repeated call: the present state of the credential.</summary>
    [NonAction]
    public async Task<object> RotatedAgain(string credentialId, CancellationToken ct)
    {
        var credential = await db.Credentials.AsNoTracking().OwnedBy(caller).FirstAsync(c => c.Id == credentialId, ct);
        var run = await db.Rotations.AsNoTracking().Where(r => r.CredentialId == credentialId).OrderByDescending(r => r.Id).FirstAsync(ct);
        return Shape(run, credential.Name);
    }

    /// <summary>
    /// Begins on the latest state of the credential. A call that lost against another rotation is refused as if it had come a moment later,
    /// even when the other one has finished: neither caller asked for two new values.
    /// </summary>
    private async Task<(Credential Credential, string RotationId)> Begin(string name, Func<Credential, Task<string>> begin,
        CancellationToken ct)
    {
        var (newest, isFirst) = ((string?)null, true);
        return await db.RetryOnConflict(async () =>
        {
            var before = newest;
            newest = await Newest(name, ct);
            var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
            Request.RequireMatch(credential);
            if (!isFirst && newest is not null && newest != before) throw RotationRun.UnderWay(newest);
            isFirst = false;
            return (credential, await begin(credential));
        });
    }

    private Task<string?> Newest(string name, CancellationToken ct) => (
        from credential in db.Credentials.OwnedBy(caller)
        where credential.Name == name
        join run in db.Rotations on credential.Id equals run.CredentialId
        orderby run.Id descending
        select run.Id).FirstOrDefaultAsync(ct);

    private async Task<ActionResult> Answer(string name, string rotationId, CancellationToken ct)
    {
        var run = await db.Rotations.AsNoTracking().FirstAsync(r => r.Id == rotationId, ct);
        if (run.State is RotationState.Abandoned)
        {
            throw Refuse.Conflict("rollback_refused",
                "The provider does not accept the old value and cannot set it again. Nothing was changed.")
                .With("provider_code", run.ErrorCode).With("provider_message", run.ErrorMessage).With("rotation", run.Id);
        }

        if (run.State is RotationState.NeedsAttention)
        {
            throw Refuse.Conflict("rotation_needs_attention",
                "The rotation stopped. Fix what 'provider_message' says, then rotate again: it continues where it stopped.")
                .With("provider_code", run.ErrorCode).With("provider_message", run.ErrorMessage).With("rotation", run.Id);
        }

        var answer = Shape(run, name);
        if (answer is not RotatingResponse) return Ok(answer);
        Response.Headers.RetryAfter = "5";
        return Accepted($"/v1/credentials/{Uri.EscapeDataString(name)}/rotations/{run.Id}", answer);
    }

    private RotationOrigin Origin(string? note) => new(AuditActor.Of(HttpContext), note);

    private static object Shape(RotationRun run, string name)
    {
        if (run.NewVersion is not { } version || run.FinishedAt is not { } finished) return RotatingResponse.From(run, name);
        return run.IsRollback
            ? new RollbackResponse("rolled_back", name, run.FromVersion, version, finished, run.Warnings)
            : new RotateResponse(
                "rotated", name, run.FromVersion == 0 ? null : run.FromVersion, version,
                (long)(finished - run.StartedAt).TotalMilliseconds, finished,
                run.Warnings);
    }
}

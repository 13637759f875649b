using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Input;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Vault.Restoring;

/// <summary>Restores a retired credential.</summary>
/// <param name="Value">A new value, up to 64 KiB of UTF-8; without it, the last value in use is restored.</param>
[ConfidentialInput]
internal sealed record RestoreRequest(string? Value = null)
{
    public override string ToString() => "***";
}

internal sealed class RestoreValidator : AbstractValidator<RestoreRequest>
{
    public RestoreValidator() =>
        RuleFor(x => x.Value).Must(v => v is null || CredentialRules.IsValue(v)).WithMessage(CredentialRules.ValueSentence);
}

/// <summary>A restored credential.</summary>
/// <param name="Status"><c>active</c>, <c>expiring</c> or <c>expired</c>.</param>
/// <param name="CredentialName">Its name.</param>
/// <param name="Version">The version in use; 0 when it has no value.</param>
/// <param name="RestoredAt">When it was restored.</param>
internal sealed record RestoredCredential(CredentialStatus Status, string CredentialName, int Version, DateTimeOffset RestoredAt);

/// <summary>Restores credentials that were retired by mistake.</summary>
[ApiController]
[Route("v1/credentials/{name}/restore")]
[Tags("Credentials")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class RestoreController(VaultDb db, Caller caller, Restorer restorer, TimeProvider clock) : ControllerBase
{
    /// <summary>Restores a retired credential: its name, its metadata and the value that was in use.</summary>
    /// <remarks>
    /// Rotation and copies are off, and the health is unknown: nobody checked the value while the credential was retired. It can be
    /// restored for 30 days (<c>Vault:RestoreDays</c>); then its values are destroyed. It also needs <c>secret:read</c> (narrowed to the
    /// name is enough), and <c>secret:write</c> for a new value.
    /// </remarks>
    /// <response code="200">It is in use again.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">credential_not_retired, restore_too_late, value_leaked, concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost]
    [RequireScope(Scopes.CredentialDelete)]
    [Idempotent(StatusCodes.Status200OK, nameof(Restored))]
    public async Task<RestoredCredential> Restore(
        string name, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] RestoreRequest? request, CancellationToken ct)
    {
        caller.Require(Scopes.SecretRead, name, "A restored credential returns its value again.");
        if (request?.Value is not null) caller.Require(Scopes.SecretWrite, name, "The call sets a new value.");
        var credential = await db.Credentials.OwnedBy(caller).Named(name, ct);
        Request.RequireMatch(credential);
        await restorer.Restore(credential, request?.Value, ct);
        Response.SetETag(credential);
        return Shape(credential);
    }

    /// <summary>The answer to a repeated call.</summary>
    [NonAction]
    public async Task<RestoredCredential> Restored(string id, CancellationToken ct) =>
        Shape(await db.Credentials.AsNoTracking().OwnedBy(caller).FirstAsync(c => c.Id == id, ct));

    private RestoredCredential Shape(Credential credential) =>
        new(credential.StatusAt(clock.GetUtcNow()), credential.Name, credential.CurrentVersion, credential.UpdatedAt);
}

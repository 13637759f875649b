namespace Aegis.Auth.Access.Keys;

/// <summary>Receives reports of leaked API keys.</summary>
[ApiController]
[Route("v1/auth/keys/report-leak")]
[AllowAnonymous]
[Tags("Identity")]
internal sealed class KeyLeakController(KeyCheck check, KeyChanges changes) : ControllerBase
{
    /// <summary>
    /// Revokes a leaked key and all keys created with it, and tells its owner. Anyone who has the key may call this.
    /// </summary>
    /// <response code="200">The key is revoked, or was already.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">key_unknown: not a key of this installation, whether its id or its secret is wrong</response>
    [HttpPost]
    public async Task<LeakResponse> Report(ReportLeakRequest request, CancellationToken ct)
    {
        if (await check.Prove(request.Key, ct) is not { } keyId)
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound, "key_unknown",
                "This is not a key of this installation. Report it to the installation that issued it.");
        }
        var key = await changes.RevokePresented(keyId, "leak_reported", ct);
        return new LeakResponse(key.Id, key.RevokedAt!.Value);
    }
}

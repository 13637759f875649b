namespace Aegis.Auth.Access.Keys;

/// <summary>Takes in keys that were found where they should not be.</summary>
[ApiController]
[Route("v1/auth/keys/report-leak")]
[AllowAnonymous]
[Tags("Identity")]
internal sealed class KeyLeakController(KeyCheck check, KeyChanges changes) : ControllerBase
{
    /// <summary>
    /// Revokes a key that was found in public, with all that were made with it, and tells its owner. Whoever holds the key may call this.
    /// </summary>
    /// <response code="200">The key is revoked; also when it was before.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">key_unknown: no key of this installation, whether its id or its secret is wrong</response>
    [HttpPost]
    public async Task<LeakResponse> Report(ReportLeakRequest request, CancellationToken ct)
    {
        if (await check.Prove(request.Key, ct) is not { } keyId)
            throw new RefusedException(StatusCodes.Status404NotFound, "key_unknown", "This is no key of this installation.");
        var key = await changes.RevokePresented(keyId, "leak_reported", ct);
        return new LeakResponse(key.Id, key.RevokedAt!.Value);
    }
}

using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.Access.Tokens;

/// <summary>The keys that sign access tokens; for the platform's admin.</summary>
[ApiController]
[Route("v1/auth/signing-keys")]
[Tags("Identity")]
internal sealed class SigningKeysController(AuthDb db, Caller caller, SigningKeyRotation rotation) : ControllerBase
{
    /// <summary>The signing keys that are published, newest first: future, current and still trusted ones.</summary>
    /// <response code="403">platform_only, missing_scope</response>
    [HttpGet]
    [RequireScope(Scopes.StackRead)]
    public Task<Page<SigningKeyResponse>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        RequirePlatform();
        return db.SigningKeys.ToPage(page, SigningKeyResponse.From, ct);
    }

    /// <summary>Rotates the signing key. No request fails: the next key is published ten minutes before it signs.</summary>
    /// <remarks>
    /// In an emergency the next key signs at once and every earlier token stops working. API keys can be exchanged for new tokens at once.
    /// </remarks>
    /// <response code="200">The key that takes over.</response>
    /// <response code="403">platform_only, missing_scope</response>
    [HttpPost("rotate")]
    [RequireScope(Scopes.StackUpdate)]
    public async Task<SigningKeyResponse> Rotate(RotateSigningKeyRequest request, CancellationToken ct)
    {
        RequirePlatform();
        return SigningKeyResponse.From(request.Emergency ? await rotation.Replace(ct) : await rotation.Rotate(ct));
    }

    private void RequirePlatform()
    {
        if (!caller.IsPlatformAdmin)
            throw Refuse.Forbidden("platform_only", "Only an admin of the organization that runs this installation can do this.");
    }
}

/// <param name="Emergency">True if the private key may have leaked.</param>
internal sealed record RotateSigningKeyRequest(bool Emergency = false);

/// <param name="Id">The <c>kid</c> of its tokens.</param>
/// <param name="CreatedAt">When it was published.</param>
/// <param name="SignsFrom">When it starts to sign.</param>
/// <param name="RetiredAt">When it stops signing.</param>
/// <param name="ExpiresAt">When tokens that it signed are no longer accepted.</param>
internal sealed record SigningKeyResponse(
    string Id, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset RetiredAt, DateTimeOffset ExpiresAt)
{
    public static SigningKeyResponse From(SigningKey key) => new(key.Id, key.CreatedAt, key.SignsFrom, key.RetiredAt, key.ExpiresAt);
}

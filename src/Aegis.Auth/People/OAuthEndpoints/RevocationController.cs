namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>Ends tokens and keys that their holder no longer needs.</summary>
[ApiController]
[AllowAnonymous]
[OAuthErrors]
[Route($"{AuthOptions.Realm}/protocol/openid-connect/revoke")]
[Tags("OAuth")]
internal sealed class RevocationController(OAuthClient client, PublicClients programs, TokenRevocation revocation) : ControllerBase
{
    /// <summary>
    /// Revokes an access token, a refresh token or an API key (RFC 7009). When the call has answered, no host accepts it.
    /// </summary>
    /// <remarks>
    /// Form parameter: <c>token</c>. The answer is the same for a malformed or ended token and for one of another organization, which
    /// change nothing. A program that people log in with sends its <c>client_id</c>. It can end only its own logins; either token ends the
    /// whole login.
    /// </remarks>
    /// <response code="200">The token does not work any more; the body is empty.</response>
    /// <response code="400">invalid_request</response>
    /// <response code="401">invalid_client</response>
    [HttpPost]
    [AcceptsUpload(OAuthForm.ContentType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task Revoke(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.Read(Request, ct);
        if (programs.Calls(Request, form))
            await revocation.ByProgram(programs.Require(form), form.Get("token"), ct);
        else
            await revocation.ByCaller(await client.Identify(HttpContext, form, ct), form.Get("token"), ct);
    }
}

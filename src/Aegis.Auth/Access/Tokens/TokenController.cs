using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Json;

namespace Aegis.Auth.Access.Tokens;

/// <summary>Exchanges API keys for access tokens.</summary>
[ApiController]
[Route("v1/auth/token")]
[AllowAnonymous]
[Tags("Identity")]
[IgnoresUnknownInput] // RFC 6749 §3.2
internal sealed class TokenController(KeyCheck keys, KeyUses uses, TokenIssuer tokens) : ControllerBase
{
    private const string Header = "X-Api-Key";

    /// <summary>Exchanges the API key in X-Api-Key for an access token of 900 seconds.</summary>
    /// <remarks>
    /// No body is needed. For a token with fewer rights, send <c>scope</c> (scopes separated by spaces) as
    /// <c>application/x-www-form-urlencoded</c> or in a JSON object. Other members are ignored (RFC 6749 §3.2).
    /// </remarks>
    /// <response code="400">invalid_scope, invalid_request</response>
    /// <response code="401">api_key_missing, api_key_invalid, api_key_expired, api_key_revoked, api_key_test,
    /// organization_closed</response>
    /// <response code="415">unsupported_media_type</response>
    [HttpPost]
    [ProducesResponseType<TokenResponse>(StatusCodes.Status200OK)]
    public async Task<TokenResponse> Exchange(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store"; // RFC 6749 §5.1
        if (Request.Headers[Header] is not [{ Length: > 0 } presented])
            throw Refuse.Unauthorized("api_key_missing", $"The API key is missing. Send it in the header {Header}.");

        var caller = await keys.Check(presented, ct);
        HttpContext.SetCaller(caller); // so that the audit trail names the caller
        uses.Note(caller.KeyId!, HttpContext);
        return await tokens.Issue(await Narrow(caller, ct), caller.KeyId!, ct);
    }

    private async Task<Caller> Narrow(Caller caller, CancellationToken ct)
    {
        try
        {
            return (await ExchangeBody.Read(Request, ct)).Narrow(caller);
        }
        catch (OAuthException refused)
        {
            throw Refuse.Invalid(refused.Error, refused.Message);
        }
    }
}

/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until it expires.</param>
/// <param name="Scope">The scopes it allows, separated by spaces.</param>
[SnakeCase]
internal sealed record TokenResponse(string AccessToken, string TokenType, int ExpiresIn, string Scope);

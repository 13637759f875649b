using System.Text.Json.Serialization;
using Aegis.Kernel.Json;

namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>
/// The token endpoint (RFC 6749 §3.2). It reads the grant type and calls <see cref="DeviceCodeGrant"/>, <see cref="RefreshTokenGrant"/> or
/// <see cref="ClientCredentialsGrant"/>. Next to it are <see cref="IntrospectionController"/>, <see cref="RevocationController"/> with
/// <see cref="TokenRevocation"/>, and the metadata of <see cref="DiscoveryController"/>. Their errors have the form of RFC 6749 §5.2, an
/// <see cref="OAuthException"/>. <see cref="OtherMethods"/> answers 405 where no credential is required.
/// </summary>
[ApiController]
[AllowAnonymous]
[OAuthErrors]
[Route($"{AuthOptions.Realm}/protocol/openid-connect/token")]
[Tags("OAuth")]
internal sealed class GrantController(DeviceCodeGrant device, RefreshTokenGrant refresh, ClientCredentialsGrant key) : ControllerBase
{
    /// <summary>Issues tokens for a device code, a refresh token, or an API key.</summary>
    /// <remarks>
    /// Form parameters: <c>grant_type=urn:ietf:params:oauth:grant-type:device_code</c> with <c>client_id</c> and <c>device_code</c> (RFC
    /// 8628 §3.4); <c>grant_type=refresh_token</c> with <c>client_id</c>, <c>refresh_token</c> and, to get less, <c>scope</c>;
    /// <c>grant_type=client_credentials</c> with the key's id as <c>client_id</c> and the key as <c>client_secret</c>. A refresh token
    /// works once; repeating the call within 30 seconds returns the same successor. A refresh token that is used again later ends the
    /// login, because somebody has a copy of it.
    /// </remarks>
    /// <response code="200">Tokens.</response>
    /// <response code="400">invalid_request, invalid_grant, invalid_scope, unauthorized_client, unsupported_grant_type,
    /// authorization_pending, slow_down, access_denied, expired_token</response>
    /// <response code="401">invalid_client</response>
    [HttpPost]
    [AcceptsUpload(OAuthForm.ContentType)]
    public async Task<GrantResponse> Grant(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.Read(Request, ct);
        return form.Get("grant_type") switch
        {
            DeviceCodeGrant.Type => await device.Redeem(form, HttpContext, ct),
            RefreshTokenGrant.Type => await refresh.Redeem(form, HttpContext, ct),
            ClientCredentialsGrant.Type => await key.Redeem(form, HttpContext, ct),
            _ => throw new OAuthException(
                StatusCodes.Status400BadRequest, "unsupported_grant_type",
                $"Set grant_type to {DeviceCodeGrant.Type}, {RefreshTokenGrant.Type} or {ClientCredentialsGrant.Type}."),
        };
    }
}

/// <param name="AccessToken">Send it as <c>Authorization: Bearer …</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token expires.</param>
/// <param name="Scope">The scopes of the access token, separated by spaces.</param>
/// <param name="RefreshToken">Gets the next access token, once. Only for a login.</param>
/// <param name="RefreshExpiresIn">Seconds until the login ends.</param>
/// <param name="IdToken">The person who logged in, when <c>openid</c> was asked for.</param>
[SnakeCase]
internal sealed record GrantResponse(
    string AccessToken,
    string TokenType,
    int ExpiresIn,
    string Scope,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RefreshExpiresIn = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IdToken = null)
{
    public override string ToString() => "***";
}

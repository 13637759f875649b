using System.Text.Json.Serialization;
using Aegis.Kernel.Json;

namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>Tells services that use Aegis what a token allows now.</summary>
[ApiController]
[AllowAnonymous]
[OAuthErrors]
[Route($"{AuthOptions.Realm}/protocol/openid-connect/token/introspect")]
[Tags("OAuth")]
internal sealed class IntrospectionController(OAuthClient client, PresentedTokens tokens, Issuer issuer) : ControllerBase
{
    /// <summary>
    /// Returns what an access token or API key allows now (RFC 7662). An orchestrator checks <c>workflow:run</c> with it.
    /// </summary>
    /// <remarks>
    /// Form parameter: <c>token</c>. Only the platform's admin sees tokens of other organizations as active. A revoked token is inactive at
    /// once.
    /// </remarks>
    /// <response code="200">active; for an active token also its scopes, client, tenant and times</response>
    /// <response code="400">invalid_request</response>
    /// <response code="401">invalid_client</response>
    [HttpPost]
    [AcceptsUpload(OAuthForm.ContentType)]
    public async Task<IntrospectionResponse> Introspect(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.Read(Request, ct);
        var caller = await client.Identify(HttpContext, form, ct);
        var token = await tokens.Find(form.Get("token"), ct);
        return token is not null && (token.Caller.OrganizationId == caller.OrganizationId || caller.IsPlatformAdmin)
            ? IntrospectionResponse.Of(token, issuer.Value)
            : new IntrospectionResponse(Active: false);
    }
}

/// <param name="Active">False for everything that would be refused; then the other members are missing.</param>
/// <param name="Scope">The scopes that it allows, separated by spaces.</param>
/// <param name="ClientId">The API key that got it, or the program that a person logged in with.</param>
/// <param name="Username">The key's name.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="Exp">When it expires, in seconds since 1970.</param>
/// <param name="Iat">When it was issued, in seconds since 1970; an API key has none.</param>
/// <param name="Sub">The subject, as the audit trail names it.</param>
/// <param name="Aud">Always <c>aegis</c>.</param>
/// <param name="Iss">This installation.</param>
/// <param name="Sid">The session of an access token.</param>
/// <param name="Jti">The id of an access token.</param>
/// <param name="Tenant">The organization.</param>
/// <param name="Role">The current role of the key's user.</param>
/// <param name="Partners">The partner organizations that it is narrowed to.</param>
[SnakeCase]
internal sealed record IntrospectionResponse(
    bool Active,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Scope = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Username = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TokenType = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Iat = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sub = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Aud = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Iss = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sid = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Jti = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tenant = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Partners = null)
{
    public static IntrospectionResponse Of(PresentedToken token, string issuer) => new(
        Active: true,
        Scope: string.Join(' ', token.Caller.Scopes.Order(StringComparer.Ordinal)),
        ClientId: token.Caller.KeyId ?? token.Claims?.Client,
        Username: token.Caller.Name,
        TokenType: "Bearer",
        Exp: token.Caller.ExpiresAt?.ToUnixTimeSeconds(),
        Iat: token.Claims?.IssuedAt.ToUnixTimeSeconds(),
        Sub: token.Caller.Subject,
        Aud: AccessToken.Audience,
        Iss: issuer,
        Sid: token.Claims?.SessionId,
        Jti: token.Claims?.Id,
        Tenant: token.Caller.OrganizationId,
        Role: token.Caller.Role,
        Partners: token.Caller.Partners?.Order(StringComparer.Ordinal).ToList());
}

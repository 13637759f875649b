using Aegis.Kernel.Json;

namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>The metadata of the issuer.</summary>
[ApiController]
[AllowAnonymous]
[Tags("OAuth")]
internal sealed class DiscoveryController(Issuer issuer, IPublicUrl publicUrl) : ControllerBase
{
    private static readonly string[] Scopes = [.. AskedScopes.OpenIdScopes, .. ScopeCatalogue.All.Order(StringComparer.Ordinal)];
    private static readonly string[] Grants = [DeviceCodeGrant.Type, RefreshTokenGrant.Type, ClientCredentialsGrant.Type];
    private static readonly string[] KeyAuthentication = ["client_secret_basic", "client_secret_post"];
    private static readonly string[] ClientAuthentication = ["none", .. KeyAuthentication];
    // Bearer is an access token type: RFC 8414 §2 allows both authentication methods and token types here.
    private static readonly string[] IntrospectionAuthentication = [.. KeyAuthentication, "Bearer"];
    private static readonly string[] Algorithms = ["ES256"];

    /// <summary>Returns the issuer's metadata (RFC 8414; OpenID Connect Discovery 1.0 §3).</summary>
    [HttpGet($"{AuthOptions.Realm}/.well-known/openid-configuration")]
    [HttpGet("/.well-known/oauth-authorization-server" + AuthOptions.Realm)]
    [ResponseCache(Duration = 300)]
    public DiscoveryResponse Metadata()
    {
        var endpoints = $"{publicUrl.Value}{AuthOptions.Realm}/protocol/openid-connect";
        return new DiscoveryResponse(
            issuer.Value, $"{endpoints}/token", $"{endpoints}/auth/device", $"{endpoints}/certs", $"{endpoints}/token/introspect",
            $"{endpoints}/revoke",
            Grants, ClientAuthentication, IntrospectionAuthentication, ClientAuthentication, Scopes, Algorithms, ["public"], ["token"]);
    }

    /// <summary>Redirects to the issuer's metadata.</summary>
    [HttpGet("/.well-known/openid-configuration")]
    public RedirectResult AtTheRoot() => Redirect($"{publicUrl.Value}{AuthOptions.Realm}/.well-known/openid-configuration");
}

/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="TokenEndpoint">RFC 6749.</param>
/// <param name="DeviceAuthorizationEndpoint">RFC 8628.</param>
/// <param name="JwksUri">The public keys that verify them.</param>
/// <param name="IntrospectionEndpoint">RFC 7662.</param>
/// <param name="RevocationEndpoint">RFC 7009.</param>
/// <param name="GrantTypesSupported">The device grant for people, client credentials for API keys, and refresh tokens.</param>
/// <param name="TokenEndpointAuthMethodsSupported">A program that people log in with has no secret. For an API key, its id is the client id
/// and the key is the secret.</param>
/// <param name="IntrospectionEndpointAuthMethodsSupported">An API key's id as client id with the key as secret; or an API key or a token as
/// Bearer.</param>
/// <param name="RevocationEndpointAuthMethodsSupported">The same as for the token endpoint.</param>
/// <param name="ScopesSupported">The scopes of OpenID Connect and those of the catalogue.</param>
/// <param name="IdTokenSigningAlgValuesSupported">ES256; access tokens are signed with it too.</param>
/// <param name="SubjectTypesSupported">A subject has the same <c>sub</c> for all clients.</param>
/// <param name="ResponseTypesSupported">Required by RFC 8414 §2; there is no authorization endpoint.</param>
[SnakeCase]
internal sealed record DiscoveryResponse(
    string Issuer,
    string TokenEndpoint,
    string DeviceAuthorizationEndpoint,
    string JwksUri,
    string IntrospectionEndpoint,
    string RevocationEndpoint,
    IReadOnlyList<string> GrantTypesSupported,
    IReadOnlyList<string> TokenEndpointAuthMethodsSupported,
    IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported,
    IReadOnlyList<string> RevocationEndpointAuthMethodsSupported,
    IReadOnlyList<string> ScopesSupported,
    IReadOnlyList<string> IdTokenSigningAlgValuesSupported,
    IReadOnlyList<string> SubjectTypesSupported,
    IReadOnlyList<string> ResponseTypesSupported);

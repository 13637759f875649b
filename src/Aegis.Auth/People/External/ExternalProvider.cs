#pragma warning disable RS0030 // the operator configures this provider; the outbound policy is for addresses that callers send
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Auth.People.External;

/// <summary>One attempt to sign in, stored until the provider sends the person back.</summary>
/// <param name="State">Binds the answer to this browser.</param>
/// <param name="Nonce">Binds the token to this attempt.</param>
/// <param name="Verifier">Proves that the attempt is redeemed by the party that began it (RFC 7636).</param>
/// <param name="ReturnUrl">The page that the person wanted.</param>
/// <param name="Login">The login that is re-authenticated; null to sign in.</param>
/// <param name="BegunAt">When the attempt began.</param>
internal sealed record ExternalAttempt(
    string State, string Nonce, string Verifier, string? ReturnUrl, string? Login, DateTimeOffset BegunAt)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>True when the attempt has expired.</summary>
    public bool IsOver(DateTimeOffset now) => now >= BegunAt + Lifetime;

    /// <summary>True when the person signed in at the provider for this attempt, and not before it.</summary>
    public bool Caused(DateTimeOffset? signedInAt, DateTimeOffset now) => signedInAt >= BegunAt - Skew && signedInAt <= now + Skew;
}

/// <summary>A person as the provider identified them.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The provider's id of the person, which never changes.</param>
/// <param name="Email">Null unless the provider has verified it.</param>
/// <param name="SignedInAt">When the person last authenticated at the provider; null when the provider does not say.</param>
internal sealed record ExternalPerson(string Issuer, string Subject, string? Email, DateTimeOffset? SignedInAt);

/// <summary>The provider did not identify the person. The message contains nothing that the provider sent.</summary>
internal sealed class ExternalException(string message) : Exception(message);

/// <summary>
/// Talks to the provider: the authorization code flow with PKCE, state and nonce. Only tokens with an asymmetric signature by one of its
/// published keys are accepted.
/// </summary>
internal sealed class ExternalProvider : IDisposable
{
    public const string CallbackPath = "/sign-in/external/callback";

    private const int MaxBytes = 1024 * 1024;
    private const int TokenSize = 32;
    private const long MaxUnixTime = 253_402_300_799; // the last second of the year 9999
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = CallTimeout,
        MaxResponseContentBufferSize = MaxBytes
    };
    private readonly ExternalClient client;
    private readonly IPublicUrl publicUrl;
    private readonly TimeProvider clock;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> metadata;

    public ExternalProvider(ExternalOptions options, IPublicUrl publicUrl, TimeProvider clock)
    {
        (client, this.publicUrl, this.clock) =
            (options.Client ?? throw new InvalidOperationException("No external provider is configured."), publicUrl, clock);
        metadata = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{client.Authority}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = client.Authority.StartsWith("https:", StringComparison.Ordinal) });
    }

    private string Callback => publicUrl.Value + CallbackPath;

    /// <summary>Begins an attempt; returns where to send the person.</summary>
    /// <param name="returnUrl">The page that the person wants.</param>
    /// <param name="login">The login that is re-authenticated. The provider then asks even a person who is signed in there to authenticate
    /// (OpenID Connect Core §3.1.2.1).</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task<(ExternalAttempt Attempt, string Address)> Begin(string? returnUrl, string? login, CancellationToken ct)
    {
        var found = await Metadata(ct);
        var attempt = new ExternalAttempt(RandomToken(), RandomToken(), RandomToken(), returnUrl, login, clock.GetUtcNow());
        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier)));
        var address = QueryHelpers.AddQueryString(found.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = Callback,
            ["scope"] = "openid email profile",
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = challenge,
            ["code_challenge_method"] = "S256",
        });
        return (attempt, login is null
            ? address
            : QueryHelpers.AddQueryString(address, new Dictionary<string, string?> { ["prompt"] = "login", ["max_age"] = "0" }));
    }

    /// <summary>Exchanges the code for a token and returns the person that it identifies.</summary>
    /// <exception cref="ExternalException">The provider refused, or its token is not valid.</exception>
    public async Task<ExternalPerson> Redeem(string code, ExternalAttempt attempt, CancellationToken ct)
    {
        var found = await Metadata(ct);
        var token = await Exchange(found.TokenEndpoint, code, attempt.Verifier, ct);
        var result = await Validate(token, found);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            metadata.RequestRefresh(); // the provider has new keys
            result = await Validate(token, await Metadata(ct));
        }

        if (!result.IsValid) throw new ExternalException($"Its token is not valid ({result.Exception.GetType().Name}).");
        var claims = (JsonWebToken)result.SecurityToken;
        if (!claims.TryGetPayloadValue<string>("nonce", out var nonce) || !AreEqual(nonce, attempt.Nonce))
            throw new ExternalException("Its token belongs to another attempt.");
        if (claims.Subject is not { Length: > 0 and <= ExternalIdentityMap.MaxLength } subject
            || claims.Issuer.Length > ExternalIdentityMap.MaxLength)
            throw new ExternalException("Its token has no usable subject.");
        return new ExternalPerson(claims.Issuer, subject, VerifiedEmail(claims), SignedInAt(claims));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool AreEqual(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    public void Dispose() => http.Dispose();

    private async Task<string> Exchange(string endpoint, string code, string verifier, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = Callback,
                ["code_verifier"] = verifier,
            }),
        };
        // RFC 6749 §2.3.1: both parts are form-encoded first.
        var login = $"{Uri.EscapeDataString(client.Id)}:{Uri.EscapeDataString(client.Secret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        try
        {
            using var answer = await http.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode) throw new ExternalException($"It answered {(int)answer.StatusCode} to the code.");
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            return body.TryGetProperty("id_token", out var token) && token.GetString() is { } text
                ? text
                : throw new ExternalException("It sent no id_token.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new ExternalException($"The call to it failed ({e.GetType().Name}).");
        }
    }

    private Task<TokenValidationResult> Validate(string token, OpenIdConnectConfiguration found) =>
        new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = found.Issuer,
            ValidAudience = client.Id,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = found.SigningKeys,
            LifetimeValidator = (notBefore, expires, _, _) => expires is not null && clock.GetUtcNow() < expires.Value + Skew
                && (notBefore is null || notBefore.Value - Skew <= clock.GetUtcNow()),
        });

    private async Task<OpenIdConnectConfiguration> Metadata(CancellationToken ct)
    {
        try
        {
            var found = await metadata.GetConfigurationAsync(ct);
            // OpenID Connect Discovery §4.3
            return found.Issuer?.TrimEnd('/') == client.Authority
                ? found
                : throw new ExternalException("Its metadata names another issuer.");
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new ExternalException($"Its metadata could not be read ({e.GetType().Name}).");
        }
    }

    private string? VerifiedEmail(JsonWebToken claims) =>
        (client.VouchesForEmail || (claims.TryGetPayloadValue<object>("email_verified", out var verified) && verified is true or "true"))
            && claims.TryGetPayloadValue<string>("email", out var email)
            // Rejects characters such as the Kelvin sign, which becomes an ASCII k in lower case and would match another address.
            && !email.Any(c => !char.IsAscii(c) && char.IsAscii(char.ToLowerInvariant(c)))
            ? email.ToLowerInvariant() : null;

    private static DateTimeOffset? SignedInAt(JsonWebToken claims) =>
        claims.TryGetPayloadValue<long>("auth_time", out var seconds) && seconds is >= 0 and <= MaxUnixTime
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string RandomToken() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(TokenSize));
}

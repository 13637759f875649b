#pragma warning disable RS0030 // the operator names this provider in the settings; the outbound policy is for addresses that callers name
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

/// <summary>What is kept of one attempt to sign in until the provider sends the person back.</summary>
/// <param name="State">Ties the answer to this browser.</param>
/// <param name="Nonce">Ties the token to this attempt.</param>
/// <param name="Verifier">Proves that who fetches the token began (RFC 7636).</param>
/// <param name="ReturnUrl">Where the person wanted to go.</param>
/// <param name="Login">The login that is to be proved once more; null to sign in.</param>
/// <param name="BegunAt">When it was asked.</param>
internal sealed record ExternalAttempt(
    string State, string Nonce, string Verifier, string? ReturnUrl, string? Login, DateTimeOffset BegunAt)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>True when its answer comes too late.</summary>
    public bool IsOver(DateTimeOffset now) => now >= BegunAt + Lifetime;

    /// <summary>True when the person signed in at the provider because of this attempt, and not some time before.</summary>
    public bool Caused(DateTimeOffset? signedInAt, DateTimeOffset now) => signedInAt >= BegunAt - Skew && signedInAt <= now + Skew;
}

/// <summary>Who the provider says somebody is.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">Its own name of the person, which never changes.</param>
/// <param name="Email">Null unless the provider has verified it.</param>
/// <param name="SignedInAt">When the person last proved to the provider who it is; null where it does not say.</param>
internal sealed record ExternalPerson(string Issuer, string Subject, string? Email, DateTimeOffset? SignedInAt);

/// <summary>The provider did not say who somebody is. The message holds nothing that it sent.</summary>
internal sealed class ExternalException(string message) : Exception(message);

/// <summary>
/// Speaks with the provider: authorization code with PKCE, state and nonce; tokens by asymmetric signatures of its published keys.
/// </summary>
internal sealed class ExternalProvider : IDisposable
{
    public const string CallbackPath = "/sign-in/external/callback";

    private const int MaxBytes = 1024 * 1024;
    private const int WordSize = 32;
    private const long MaxSecond = 253_402_300_799; // of the year 9999
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Patience,
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
    /// <param name="returnUrl">Where the person wants to go.</param>
    /// <param name="login">The login that is to be proved: the provider then asks also whom it remembers (OpenID Connect Core
    /// §3.1.2.1).</param>
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

    /// <summary>Exchanges the code and says who the person is.</summary>
    /// <exception cref="ExternalException">The provider refused, or what it said does not prove anything.</exception>
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
        if (!claims.TryGetPayloadValue<string>("nonce", out var nonce) || !Same(nonce, attempt.Nonce))
            throw new ExternalException("Its token belongs to another attempt.");
        if (claims.Subject is not { Length: > 0 and <= ExternalIdentityMap.MaxLength } subject
            || claims.Issuer.Length > ExternalIdentityMap.MaxLength)
            throw new ExternalException("Its token names nobody.");
        return new ExternalPerson(claims.Issuer, subject, VerifiedEmail(claims), SignedInAt(claims));
    }

    public static bool Same(string one, string other) =>
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
            throw new ExternalException($"It could not be asked ({e.GetType().Name}).");
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
            && !email.Any(c => !char.IsAscii(c) && char.IsAscii(char.ToLowerInvariant(c))) // a Kelvin sign is no k
            ? email.ToLowerInvariant() : null;

    private static DateTimeOffset? SignedInAt(JsonWebToken claims) =>
        claims.TryGetPayloadValue<long>("auth_time", out var seconds) && seconds is >= 0 and <= MaxSecond
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string RandomToken() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(WordSize));
}

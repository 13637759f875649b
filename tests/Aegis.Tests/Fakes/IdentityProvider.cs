using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Fakes;

/// <summary>
/// A fake OpenID Connect provider. It signs everyone in as <see cref="Subject"/>, and returns false data when the test says so.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "aegis";
    public const string Secret = "the provider's s&cret";

    private readonly RSA key = RSA.Create(2048);
    private readonly Dictionary<string, (string Nonce, string Challenge)> codes = new(StringComparer.Ordinal);
    private StandIn service = null!; // set at the start

    public string Url => service.Url;

    public string Subject { get; set; } = "subject-1";

    public string Email { get; set; } = "";

    public bool IsVerified { get; set; } = true;

    /// <summary>Changes the claims before the token is signed.</summary>
    public Action<Dictionary<string, object>> Lie { get; set; } = _ => { };

    /// <summary>True to sign with a key that is not published.</summary>
    public bool IsForged { get; set; }

    public static async Task<IdentityProvider> Start()
    {
        var provider = new IdentityProvider();
        provider.service = await StandIn.Start(heard => provider.Answer(heard));
        return provider;
    }

    /// <summary>Simulates a browser at the provider. Returns the address that it is redirected to.</summary>
    public string LetIn(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        (query["response_type"].ToString(), query["client_id"].ToString(), query["code_challenge_method"].ToString())
            .Should().Be(("code", ClientId, "S256"));
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        lock (codes) codes.Add(code, (query["nonce"]!, query["code_challenge"]!));
        return new Uri($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}").PathAndQuery;
    }

    public ValueTask DisposeAsync()
    {
        key.Dispose();
        return service.DisposeAsync();
    }

    private (int Status, string Body) Answer(Heard heard) => heard.Line.Split(' ')[1] switch
    {
        "/.well-known/openid-configuration" => (200, JsonSerializer.Serialize(new
        {
            issuer = Url,
            authorization_endpoint = $"{Url}/authorize",
            token_endpoint = $"{Url}/token",
            jwks_uri = $"{Url}/keys",
        })),
        "/keys" => (200, Keys()),
        "/token" => Token(heard),
        _ => (404, ""),
    };

    private string Keys()
    {
        var publicKey = key.ExportParameters(includePrivateParameters: false);
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", kid = "k1", use = "sig", alg = "RS256", n = WebEncoders.Base64UrlEncode(publicKey.Modulus!),
                e = WebEncoders.Base64UrlEncode(publicKey.Exponent!) } },
        });
    }

    private (int Status, string Body) Token(Heard heard)
    {
        var form = QueryHelpers.ParseQuery(heard.Body);
        var login = Encoding.UTF8.GetString(Convert.FromBase64String(heard.Headers["authorization"]["Basic ".Length..])).Split(':')
            .Select(Uri.UnescapeDataString);
        if (!login.SequenceEqual([ClientId, Secret])) return (401, """{"error":"invalid_client"}""");
        (string Nonce, string Challenge) attempt;
        lock (codes)
        {
            if (!codes.Remove(form["code"].ToString(), out attempt)) return (400, """{"error":"invalid_grant"}""");
        }

        var challenge = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (challenge != attempt.Challenge) return (400, """{"error":"invalid_grant"}""");
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Url,
            ["aud"] = ClientId,
            ["sub"] = Subject,
            ["nonce"] = attempt.Nonce,
            ["email"] = Email,
            ["email_verified"] = IsVerified,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        Lie(claims);
        using var other = RSA.Create(2048);
        var signing =
            new SigningCredentials(new RsaSecurityKey(IsForged
                ? other
                : key)
            { KeyId = "k1", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
                SecurityAlgorithms.RsaSha256);
        var token =
            new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), signing);
        return (200, string.Create(
            CultureInfo.InvariantCulture, $$"""{"token_type":"Bearer","access_token":"none","id_token":"{{token}}"}"""));
    }
}

using Aegis.Auth.Access.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Auth;

public sealed class BearerTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Session = "/v1/auth/session";

    [Fact]
    public async Task A_token_and_its_key_are_the_same_caller()
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"], partners: ["prov_123"]);

        var byKey = await auth.With(key).Get(Session);
        var byToken = await auth.WithToken(await auth.Token(key)).Get(Session);

        foreach (var answer in new[] { byKey.ShouldBe(HttpStatusCode.OK), byToken.ShouldBe(HttpStatusCode.OK) })
        {
            answer["organization"].Should().Be("cons_456");
            answer["subject"].Should().Be(key.Id);
            answer["name"].Should().Be("Test key");
            answer["userId"].Should().Be(key.UserId);
            answer["keyId"].Should().Be(key.Id);
            answer.Json.GetProperty("roles")[0].GetString().Should().Be("aegis:operator");
            answer.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).Should().Equal("org:read", "study:read");
            answer.Json.GetProperty("partners").EnumerateArray().Select(s => s.GetString()).Should().Equal("prov_123");
        }

        byKey["expiresAt"].Should().BeNull();
        byToken["expiresAt"].Should().EndWith("Z");
    }

    [Theory]
    [InlineData(Session)]
    [InlineData("/v1/auth/scopes")]
    [InlineData("/v1/organizations/me")]
    [InlineData("/v1/partnerships")]
    [InlineData("/v1/partnerships/prt_1")]
    public async Task A_call_without_a_credential_gets_a_challenge(string path)
    {
        var response = await auth.Anonymous.Get(path);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        response.Headers.WwwAuthenticate.ToString().Should().Be("Bearer");
    }

    [Theory]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task Another_kind_of_credential_is_ignored(string header)
    {
        var response = await auth.Anonymous.With("Authorization", header).Get(Session);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task A_malformed_token_is_refused(string text)
    {
        var response = await auth.WithToken(text).Get(Session);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "token_invalid");
        response.Headers.WwwAuthenticate.ToString().Should().Contain("invalid_token");
    }

    [Fact]
    public async Task An_invalid_key_as_bearer_is_refused()
    {
        var response = await auth.WithToken("aegis_a1b2c3d4").Get(Session);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var token = await auth.Token(await auth.Key());
        await auth.WithToken(token).Get(Session);
        var parts = token.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("cons_456", "prov_123", StringComparison.Ordinal);

        var response = await auth.WithToken($"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}").Get(Session);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("audience")]
    [InlineData("type")]
    [InlineData("algorithm")]
    [InlineData("public key as secret")]
    [InlineData("unknown key")]
    [InlineData("other key, our kid")]
    [InlineData("no kid")]
    [InlineData("no expiry")]
    [InlineData("key that is gone")]
    public async Task A_token_that_differs_in_one_claim_or_header_is_refused(string wrong)
    {
        var key = await auth.Key();
        var good = await Forge(key, wrong: "nothing");
        (await auth.WithToken(good).Get(Session)).ShouldBe(HttpStatusCode.OK);

        var response = await auth.WithToken(await Forge(key, wrong)).Get(Session);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "token_invalid");
    }

    [Fact]
    public async Task A_revoked_key_ends_its_tokens_at_once()
    {
        var key = await auth.Key();
        var token = await auth.Token(key);
        (await auth.WithToken(token).Get(Session)).ShouldBe(HttpStatusCode.OK);

        await auth.Revoke(key);

        (await auth.WithToken(token).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
        (await auth.With(key).Get(Session)).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task Demoting_a_user_limits_its_keys_and_tokens_at_once()
    {
        var key = await auth.Key("org_platform", ["node:drain", "node:read", "org:read"], role: "aegis:admin");
        var token = await auth.Token(key);
        (await auth.WithToken(token).Get(Session)).Json.GetProperty("scopes").GetArrayLength().Should().Be(3);

        await auth.Change(db => db.Users.Where(u => u.Id == key.UserId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, (string?)null)));

        foreach (var client in new[] { auth.WithToken(token), auth.With(key) })
        {
            var session = (await client.Get(Session)).ShouldBe(HttpStatusCode.OK);
            session.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()).Should().Equal("node:read");
            session.Json.GetProperty("roles").GetArrayLength().Should().Be(0);
        }
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        var key = await auth.Key(scopes: ["study:read"]);

        var response = await auth.With(key).Get("/v1/organizations/me");

        response.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        response["required_permission"].Should().Be("org:read");
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("api_key")]
    [InlineData("KEY")]
    [InlineData("token")]
    public async Task A_credential_in_the_URL_is_refused_on_every_path(string name)
    {
        foreach (var path in new[] { Session, "/.well-known/jwks.json", "/v1/auth/token" })
        {
            var response = await auth.Anonymous.Get($"{path}?limit=1&{name}=aegis_x");

            response.ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url");
            response.Text.Should().NotContain("aegis_x");
        }
    }

    private async Task<string> Forge(TestKey key, string wrong)
    {
        var ours = await auth.App.Services.GetRequiredService<SigningKeys>().Current(CancellationToken.None);
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = await auth.App.Use<Aegis.Auth.Persistence.AuthDb, byte[]>(db => db.SigningKeys.OrderBy(k => k.Number)
            .Select(k => k.PublicKey).FirstAsync());
        var credentials = wrong switch
        {
            "algorithm" =>
                new SigningCredentials(
                    new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP384)) { KeyId = ours.Key.KeyId }, "ES384"),
            "public key as secret" => new SigningCredentials(new SymmetricSecurityKey(publicKey) { KeyId = ours.Key.KeyId }, "HS256"),
            "unknown key" => new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = "sgk_unknown" }, "ES256"),
            "other key, our kid" => new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = ours.Key.KeyId }, "ES256"),
            "no kid" => new SigningCredentials(new ECDsaSecurityKey(pair), "ES256"),
            _ => ours,
        };
        var now = auth.Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = wrong == "issuer" ? "https://other.example/realms/aegis-system" : auth.App.Services.GetRequiredService<Issuer>().Value,
            Audience = wrong == "audience" ? "other" : "aegis",
            TokenType = wrong == "type" ? "JWT" : "at+jwt",
            Expires = wrong == "no expiry" ? null : now.AddMinutes(10),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = key.Id,
                ["sid"] = "ses_forged",
                ["akid"] = wrong == "key that is gone" ? "key_gone" : key.Id,
                ["tenant"] = "cons_456",
                ["scope"] = "study:read",
            },
            SigningCredentials = credentials,
        });
    }
}

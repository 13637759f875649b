using Aegis.Auth;
using Aegis.Auth.Access.Keys;
using Aegis.Auth.Access.Tokens;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Refusals;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Auth;

public sealed class TokenTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_key_is_exchanged_for_a_token()
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        var response = await Exchange(key.Text);

        response.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().Should().Be("no-store");
        response.Json.EnumerateObject().Select(p => p.Name).Should().Equal("access_token", "token_type", "expires_in", "scope");
        response["token_type"].Should().Be("Bearer");
        response["expires_in"].Should().Be("900");
        response["scope"].Should().Be("org:read study:read");
    }

    [Fact]
    public async Task A_token_contains_the_published_claims()
    {
        var key = await auth.Key(scopes: ["study:read"], partners: ["prov_123"]);
        var issuer = auth.App.Services.GetRequiredService<IPublicUrl>().Value + "/realms/aegis-system";

        var token = new JsonWebToken(await auth.Token(key));

        token.Alg.Should().Be("ES256");
        token.Typ.Should().Be("at+jwt");
        token.Issuer.Should().Be(issuer);
        token.Audiences.Should().Equal("aegis");
        token.Subject.Should().Be(key.Id);
        token.GetPayloadValue<string>("akid").Should().Be(key.Id);
        token.GetPayloadValue<string>("tenant").Should().Be("cons_456");
        token.GetPayloadValue<string>("scope").Should().Be("study:read");
        token.GetPayloadValue<string>("role").Should().Be("aegis:operator");
        token.GetPayloadValue<string>("sid").Should().StartWith("ses_");
        token.GetPayloadValue<string>("client_id").Should().Be(key.Id);
        token.GetPayloadValue<string>("jti")
            .Should().StartWith("jti_").And
            .NotBe(new JsonWebToken((await Exchange(key.Text))["access_token"]).GetPayloadValue<string>("jti"));
        token.GetPayloadValue<string[]>("partners").Should().Equal("prov_123");
        (token.ValidTo - token.IssuedAt).Should().Be(TimeSpan.FromSeconds(900));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "scope=study%3Aread")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=client_credentials&scope=study:read+")]
    [InlineData("application/json", """{"scope":"study:read","more":1}""")]
    [InlineData("application/json; charset=utf-8", """{"Scope":"study:read"}""")]
    public async Task A_scope_narrows_the_token(string type, string body)
    {
        var key = await auth.Key(scopes: ["study:read", "org:read", "key:create"]);

        var response = await Exchange(key.Text, type, body);

        response.ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("study:read");
        (await auth.WithToken(response["access_token"]!).Get("/v1/organizations/me"))
            .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=client_credentials")]
    [InlineData("application/x-www-form-urlencoded", "scope=")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", """{"scope":null,"audience":"x"}""")]
    [InlineData("text/plain", "")]
    public async Task Without_a_scope_the_token_has_all_scopes_of_the_key(string type, string body)
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        (await Exchange(key.Text, type, body)).ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("org:read study:read");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "scope=org:write", 400, "invalid_scope")]
    [InlineData("application/x-www-form-urlencoded", "scope=study:read&scope=org:read", 400, "invalid_request")]
    [InlineData("application/json", """{"scope":"study:fly"}""", 400, "invalid_scope")]
    [InlineData("application/json", """{"scope":"study:read","scope":"org:read"}""", 400, "invalid_request")]
    [InlineData("application/json", """{"scope":["study:read"]}""", 400, "invalid_request")]
    [InlineData("application/json", """["study:read"]""", 400, "invalid_request")]
    [InlineData("application/json", "{ not json", 400, "invalid_request")]
    [InlineData("text/plain", "scope=study:read", 415, "unsupported_media_type")]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415, "unsupported_media_type")]
    [InlineData("", "scope=study:read", 415, "unsupported_media_type")]
    public async Task A_scope_that_cannot_be_read_gets_no_token(string type, string body, int status, string code)
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        (await Exchange(key.Text, type, body)).ShouldBeRefused((HttpStatusCode)status, code);
    }

    [Fact]
    public async Task A_scope_in_the_URL_gets_no_token()
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        (await auth.Anonymous.With("X-Api-Key", key.Text).Post("/v1/auth/token?scope=study:read"))
            .ShouldBeRefused(HttpStatusCode.BadRequest, "invalid_request");
        (await auth.With(key).Form($"{Persons.TokenPath}?scope=study:read", ("grant_type", "client_credentials")))
            .ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_request");
    }

    [Fact]
    public async Task A_token_never_outlives_its_key()
    {
        var key = await auth.Key(lifetime: TimeSpan.FromSeconds(100));

        var response = await Exchange(key.Text);

        int.Parse(response["expires_in"]!, null).Should().BeInRange(90, 100);
        var ends = await auth.App.Use<Aegis.Auth.Persistence.AuthDb, DateTimeOffset?>(
            db => db.ApiKeys.Where(k => k.Id == key.Id).Select(k => k.ExpiresAt).SingleAsync());
        new JsonWebToken(response["access_token"]).ValidTo.Should().BeOnOrBefore(ends!.Value.UtcDateTime);
    }

    [Fact]
    public async Task A_call_without_a_key_gets_no_token()
    {
        var response = await auth.Anonymous.Post("/v1/auth/token");

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_missing");
        response.Headers.WwwAuthenticate.Should().NotBeEmpty();
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task An_empty_key_counts_as_missing() =>
        (await Exchange("")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_missing");

    [Theory]
    [InlineData(999, "api_key_expired")]
    [InlineData(1_000, null)]
    public async Task A_key_that_expires_within_the_current_second_gets_no_token(int milliseconds, string? code)
    {
        var clock = new Stopped(DateTimeOffset.UnixEpoch.AddYears(60));
        var options =
            new AuthOptions("https://aegis.example", TimeSpan.FromSeconds(900), Sandbox: null, PublicClients: new HashSet<string>());
        var keys = auth.App.Services.GetRequiredService<SigningKeys>();
        var tokens = new TokenIssuer(keys, new Issuer(options, publicUrl: null!), options, clock);
        var ends = clock.GetUtcNow().AddMilliseconds(milliseconds);
        var caller = new Caller("cons_456", "key_1", "Test key", "key_1", "usr_1", Role: null, new HashSet<string>(), Partners: null, ends);

        var issue = () => tokens.Issue(caller, "key_1", CancellationToken.None);

        if (code is null) (await issue()).ExpiresIn.Should().Be(1);
        else (await issue.Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be(code);
    }

    [Fact]
    public async Task Malformed_unknown_and_wrong_keys_are_refused_alike()
    {
        var key = await auth.Key();
        var unknown = KeyText.Draw(isTest: true).Text;
        var wrongSecret = SameIdOtherSecret(key.Text);

        var answers = new List<ApiResponse>();
        foreach (var presented in new[] { "aegis_a1b2c3d4", "x", unknown, wrongSecret }) answers.Add(await Exchange(presented));

        answers.Should().AllSatisfy(a => a.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_invalid"));
        answers.Select(a => a["detail"]).Distinct().Should().ContainSingle();
        answers.Select(a => a.Headers.WwwAuthenticate.ToString()).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_sandbox_key_without_its_mark_is_refused()
    {
        var key = await auth.Key();
        var body = key.Text["aegis_test_".Length..^6];

        var response = await Exchange(WithChecksum($"aegis_{body}"));

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_revoked_key_is_refused()
    {
        var key = await auth.Key();
        await auth.Revoke(key);

        var response = await Exchange(key.Text);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task The_key_of_a_closed_organization_is_refused()
    {
        var key = await auth.Key("cons_789");
        await SetClosed("cons_789", auth.Clock.GetUtcNow());

        var response = await Exchange(key.Text);
        await SetClosed("cons_789", null);

        response.ShouldBeRefused(HttpStatusCode.Unauthorized, "organization_closed");
        (await Exchange(key.Text)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_has_only_scopes_that_the_role_allows()
    {
        var key = await auth.Key(scopes: ["node:read", "node:drain", "org:read"], role: "aegis:operator");

        var response = await Exchange(key.Text);

        response["scope"].Should().Be("node:read org:read");
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/realms/aegis-system/protocol/openid-connect/certs")]
    public async Task The_published_keys_verify_a_token(string path)
    {
        var token = await auth.Token(await auth.Key());

        var response = (await auth.Anonymous.Get(path)).ShouldBe(HttpStatusCode.OK);

        var keys = new JsonWebKeySet(response.Text).GetSigningKeys();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = keys,
            ValidateIssuer = false,
            ValidAudience = "aegis",
            ValidAlgorithms = ["ES256"],
        });
        result.IsValid.Should().BeTrue(result.Exception?.Message);
        response.Json.GetProperty("keys")[0].TryGetProperty("d", out _).Should().BeFalse("a private key is never published");
    }

    [Fact]
    public async Task A_key_appears_in_no_log_line_and_no_row()
    {
        var key = await auth.Key();
        var secret = key.Text[^38..^6];

        var token = await auth.Token(key);
        await auth.With(key).Get("/v1/auth/session");
        await auth.WithToken(token).Get("/v1/auth/session");

        auth.App.Logs.Lines.Should().NotContain(l => l.Contains(secret) || l.Contains(token));
        (await auth.App.Database.Bytes()).Should().NotContain(secret);
    }

    private sealed class Stopped(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }

    private Task<ApiResponse> Exchange(string key, string type, string body)
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return auth.Anonymous.With("X-Api-Key", key).PostContent("/v1/auth/token", content);
    }

    private Task<ApiResponse> Exchange(string key) => auth.Anonymous.With("X-Api-Key", key).Post("/v1/auth/token");

    private Task SetClosed(string organization, DateTimeOffset? at) => auth.Change(db =>
        db.Organizations.Where(o => o.Id == organization).ExecuteUpdateAsync(set => set.SetProperty(o => o.ClosedAt, at)));

    private static string SameIdOtherSecret(string text)
    {
        var other = KeyText.Draw(isTest: true).Text;
        return WithChecksum(text[..23] + other[23..^6]);
    }

    /// <summary>Appends the checksum, which anyone can compute.</summary>
    private static string WithChecksum(string text)
    {
        const string digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var checksum = "";
        for (var (rest, i) = (KeyText.Crc32(text), 0); i < 6; i++, rest /= 62) checksum = digits[(int)(rest % 62)] + checksum;
        return text + checksum;
    }
}

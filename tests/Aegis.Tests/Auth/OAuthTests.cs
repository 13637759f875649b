namespace Aegis.Tests.Auth;

/// <summary>Introspection (RFC 7662), revocation (RFC 7009) and metadata (RFC 8414).</summary>
public sealed class OAuthTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Realm = "/realms/aegis-system";
    private const string Introspect = $"{Realm}/protocol/openid-connect/token/introspect";
    private const string Revoke = $"{Realm}/protocol/openid-connect/revoke";

    [Theory]
    [InlineData($"{Realm}/protocol/openid-connect/token")]
    [InlineData($"{Realm}/protocol/openid-connect/auth/device")]
    [InlineData(Revoke)]
    [InlineData(Introspect)]
    [InlineData("/v1/auth/token")]
    public async Task Endpoints_that_take_credentials_refuse_other_methods_than_POST(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            var answer = await auth.Anonymous.Send(new HttpRequestMessage(method, path));

            answer.ShouldBeRefused(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
            answer.ContentHeaders.Allow.Should().Equal("POST");
        }
    }

    [Fact]
    public async Task An_active_token_is_described_to_a_service_of_its_organization()
    {
        var key = await auth.Key(scopes: ["workflow:run#nightly", "org:read"], partners: ["prov_123"]);
        var token = await auth.Token(key);

        var answer = (await Form(auth.With(await auth.Key()), Introspect, ("token", token), ("token_type_hint", "access_token"))).ShouldBe(
            HttpStatusCode.OK);

        answer.Json.GetProperty("active").GetBoolean().Should().BeTrue();
        answer["scope"].Should().Be("org:read workflow:run#nightly");
        answer["client_id"].Should().Be(key.Id);
        answer["tenant"].Should().Be("cons_456");
        answer["iss"].Should().EndWith(Realm);
        answer.Json.GetProperty("exp").GetInt64().Should().BeGreaterThan(auth.Clock.GetUtcNow().ToUnixTimeSeconds());
        answer.Json.GetProperty("partners")[0].GetString().Should().Be("prov_123");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        answer["jti"].Should().StartWith("jti_");
        (await Form(auth.With(key), Introspect, ("token", key.Text)))["client_id"].Should().Be(key.Id);
        var login = (await auth.DeviceLogin(await auth.Person()))["access_token"]!;
        (await Form(auth.With(key), Introspect, ("token", login)))["client_id"].Should().Be("aegis-cli");
    }

    [Fact]
    public async Task A_token_that_would_be_refused_is_only_described_as_inactive()
    {
        var service = auth.With(await auth.Key());
        var revoked = await auth.Key();
        var token = await auth.Token(revoked);
        await auth.Revoke(revoked);
        var foreign = await auth.Token(await auth.Key("cons_789"));

        foreach (var one in new[] { token, revoked.Text, foreign, "junk", token[..^2] + "AA", "eyJhbGciOiJub25lIn0.e30." })
            (await Form(service, Introspect, ("token", one))).ShouldBe(HttpStatusCode.OK).Text.Should().Be("""{"active":false}""");
        var platform = auth.With(await auth.Key("org_platform", role: "aegis:admin"));
        (await Form(platform, Introspect, ("token", foreign))).Json.GetProperty("active").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("W10.e30.AAAA")] // []
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6NX0.e30.AAAA")] // {"alg":"ES256","kid":5}
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6InNnayJ9.WzFd.AAAA")] // a payload that is a list
    public async Task A_text_with_the_dots_of_a_token_is_inactive(string junk)
    {
        var service = auth.With(await auth.Key());

        (await Form(service, Introspect, ("token", junk))).ShouldBe(HttpStatusCode.OK).Text.Should().Be("""{"active":false}""");
        (await Form(service, Revoke, ("token", junk))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_can_be_sent_as_a_client_secret()
    {
        var key = await auth.Key();
        var token = await auth.Token(key);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(key.Id)}:{key.Text}"));

        (await Form(auth.Anonymous.With("Authorization", $"Basic {basic}"), Introspect, ("token", token)))["client_id"].Should().Be(key.Id);
        (await Form(auth.Anonymous, Introspect, ("token", token), ("client_id", key.Id), ("client_secret", key.Text)))["client_id"]
            .Should().Be(key.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic ???")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic a2V5XzE6YWVnaXNfdGVzdF94")]
    [InlineData("Bearer aegis_test_x")]
    public async Task A_call_without_a_client_is_refused(string authorization)
    {
        var client = authorization.Length == 0 ? auth.Anonymous : auth.Anonymous.With("Authorization", authorization);

        foreach (var path in new[] { Introspect, Revoke })
        {
            var refused = (await Form(client, path, ("token", "x"))).ShouldBe(HttpStatusCode.Unauthorized);
            refused["error"].Should().Be("invalid_client");
            refused.Headers.WwwAuthenticate.Should().NotBeEmpty();
        }
    }

    [Fact]
    public async Task The_client_id_must_be_that_of_the_key()
    {
        var (key, other) = (await auth.Key(), await auth.Key());

        (await Form(auth.Anonymous, Introspect, ("token", "x"), ("client_id", other.Id), ("client_secret", key.Text)))
            .ShouldBe(HttpStatusCode.Unauthorized)["error"].Should().Be("invalid_client");
    }

    [Fact]
    public async Task A_malformed_form_is_refused()
    {
        var client = auth.With(await auth.Key());

        (await client.Post(Introspect, new { token = "x" })).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_request");
        (await Form(client, Introspect)).ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_request");
        (await Form(client, Introspect, ("token", "a"), ("token", "b"))).ShouldBe(HttpStatusCode.BadRequest)["error_description"]
            .Should().Contain("more than once");
        (await Form(client, Introspect, ("token", new string('x', 70_000)))).ShouldBe(HttpStatusCode.BadRequest)["error"]
            .Should().Be("invalid_request");
    }

    [Fact]
    public async Task Revoking_a_token_ends_only_that_token_and_revoking_a_key_ends_all_its_tokens()
    {
        var key = await auth.Key();
        var (first, second) = (await auth.Token(key), await auth.Token(key));
        (await auth.WithToken(first).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 2; i++)
            (await Form(auth.With(key), Revoke, ("token", first))).ShouldBe(HttpStatusCode.OK).Body.Should().BeEmpty();

        (await auth.WithToken(first).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await auth.WithToken(second).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await Form(auth.With(key), Revoke, ("token", key.Text))).ShouldBe(HttpStatusCode.OK);
        (await auth.WithToken(second).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task Another_organizations_token_is_not_revoked()
    {
        var foreign = await auth.Token(await auth.Key("cons_789"));

        (await Form(auth.With(await auth.Key()), Revoke, ("token", foreign))).ShouldBe(HttpStatusCode.OK);

        (await auth.WithToken(foreign).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_metadata_names_the_endpoints()
    {
        var metadata = (await auth.Anonymous.Get($"{Realm}/.well-known/openid-configuration")).ShouldBe(HttpStatusCode.OK);

        var issuer = metadata["issuer"]!;
        metadata["introspection_endpoint"].Should().Be($"{issuer}/protocol/openid-connect/token/introspect");
        metadata["revocation_endpoint"].Should().Be($"{issuer}/protocol/openid-connect/revoke");
        (await auth.Anonymous.Get(new Uri(metadata["jwks_uri"]!).PathAndQuery)).ShouldBe(HttpStatusCode.OK);
        (await auth.Anonymous.Get("/.well-known/openid-configuration")).ShouldBe(HttpStatusCode.OK)["issuer"].Should().Be(issuer);
    }

    private static Task<ApiResponse> Form(ApiClient client, string path, params (string Name, string Value)[] parameters) =>
        client.PostContent(path, new FormUrlEncodedContent(parameters.Select(p => KeyValuePair.Create(p.Name, p.Value))));
}

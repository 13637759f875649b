namespace Aegis.Tests.Auth;

/// <summary>API keys at the token endpoint (RFC 6749 §4.4).</summary>
public sealed class ClientCredentialsTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Type = "client_credentials";

    [Fact]
    public async Task A_key_gets_the_same_token_as_from_the_token_endpoint()
    {
        var key = await auth.Key(scopes: ["org:read", "study:read"]);

        var posted = (await auth.Anonymous.Form(
                Persons.TokenPath, ("grant_type", Type), ("client_id", key.Id), ("client_secret", key.Text))).ShouldBe(HttpStatusCode.OK);
        var basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key.Id}:{key.Text}"));
        var sent = (await auth.Anonymous.With("Authorization", $"Basic {basic}")
            .Form(Persons.TokenPath, ("grant_type", Type), ("scope", "study:read"))).ShouldBe(HttpStatusCode.OK);

        posted["scope"].Should().Be("org:read study:read");
        posted.Json.TryGetProperty("refresh_token", out _).Should().BeFalse();
        sent["scope"].Should().Be("study:read");
        var me = (await auth.WithToken(sent["access_token"]!).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        me["keyId"].Should().Be(key.Id);
        (await auth.WithToken(sent["access_token"]!)
            .Get("/v1/organizations/me")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task A_key_gets_no_token_with_more_scopes_than_it_has()
    {
        var key = await auth.Key(scopes: ["study:read"]);

        (await auth.With(key).Form(Persons.TokenPath, ("grant_type", Type), ("scope", "study:read org:read"))).ShouldBe(
            HttpStatusCode.BadRequest)["error"].Should().Be("invalid_scope");
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid profile email offline_access")]
    [InlineData("study:read,org:read")]
    [InlineData("study:fly")]
    [InlineData(" ")]
    public async Task A_scope_that_requests_no_rights_gets_no_token(string scope)
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        var grant = await auth.With(key).Form(Persons.TokenPath, ("grant_type", Type), ("scope", scope));
        var exchange = await auth.Anonymous.With("X-Api-Key", key.Text).Form("/v1/auth/token", ("scope", scope));

        grant.ShouldBe(HttpStatusCode.BadRequest)["error"].Should().Be("invalid_scope");
        exchange.ShouldBeRefused(HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    public async Task OpenID_scopes_add_no_rights_to_other_scopes()
    {
        var key = await auth.Key(scopes: ["study:read", "org:read"]);

        var grant = await auth.With(key).Form(Persons.TokenPath, ("grant_type", Type), ("scope", "openid study:read"));

        grant.ShouldBe(HttpStatusCode.OK)["scope"].Should().Be("study:read");
        grant.Json.TryGetProperty("id_token", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Tokens_get_no_tokens_and_public_clients_have_no_rights_of_their_own()
    {
        var token = await auth.Token(await auth.Key());
        var persons = (await auth.DeviceLogin(await auth.Person()))["access_token"]!;

        foreach (var one in new[] { token, persons })
            (await auth.WithToken(one).Form(Persons.TokenPath, ("grant_type", Type))).ShouldBe(HttpStatusCode.Unauthorized)["error"]
                .Should().Be("invalid_client");
        (await auth.Anonymous.Form(Persons.TokenPath, ("grant_type", Type), ("client_id", "aegis-cli"))).ShouldBe(
            HttpStatusCode.BadRequest)["error"].Should().Be("unauthorized_client");
        (await auth.Anonymous.Form(Persons.TokenPath, ("grant_type", Type))).ShouldBe(HttpStatusCode.Unauthorized)["error"]
            .Should().Be("invalid_client");
    }
}

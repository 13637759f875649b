namespace Aegis.Interop.Tests.Identity;

/// <summary>Metadata, introspection and revocation with oauth4webapi and openid-client.</summary>
public sealed class OAuthClientTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const int Revoked = 8; // two algorithms of discovery, two libraries, two ways to authenticate

    [InteropFact("oauth4webapi", "openid-client")]
    public async Task OAuth_clients_discover_introspect_and_revoke()
    {
        var issuer = $"{app.Services.GetRequiredService<IPublicUrl>().Value}/realms/aegis-system";
        var key = app.Key("operator");
        var keyId = (await app.As("operator").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK)["keyId"]!;
        var tokens = new List<string>();
        for (var i = 0; i < Revoked; i++)
            tokens.Add((await app.Anonymous.With("X-Api-Key", key).Post("/v1/auth/token")).ShouldBe(HttpStatusCode.OK)["access_token"]!);

        var person = await AuthApp.On(app).Person();
        var login = (await AuthApp.On(app).DeviceLogin(person))["access_token"]!;
        var run = await Tool.RunIn(Path.Combine(Tool.Folder, "npm"), "node", ["oauth.mjs", issuer, keyId, key, login, .. tokens]);

        var steps = run.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<Step>(l, JsonSerializerOptions.Web)!).ToDictionary(s => s.Name);
        foreach (var algorithm in new[] { "oidc", "oauth2" })
        {
            steps[$"metadata {algorithm}"].Issuer.Should().Be(issuer);
            steps[$"metadata {algorithm}"].JwksUri.Should().StartWith(issuer);
            steps[$"metadata {algorithm}"].Scopes.Should().BeGreaterThan(70);
            // the checks of RFC 9068 §4
            var (ofKey, ofLogin) = (steps[$"access token {algorithm} key"], steps[$"access token {algorithm} login"]);
            (ofKey.ClientId, ofKey.Subject, ofLogin.ClientId, ofLogin.Subject).Should().Be((keyId, keyId, "aegis-cli", person.UserId));
            ofKey.Jti.Should().NotBe(ofLogin.Jti);
            foreach (var client in new[] { "oauth4webapi", "openid-client" })
            {
                foreach (var authentication in new[] { "basic", "post" })
                {
                    var step = steps[$"{client} {algorithm} {authentication}"];
                    step.Before!.Active.Should().BeTrue();
                    step.Before.ClientId.Should().Be(keyId);
                    step.Before.Iss.Should().Be(issuer);
                    step.Before.Scope!.Split(' ').Should().Contain("workflow:run");
                    step.After.Should().Be(new Introspected(Active: false, null, null, null));
                }
            }

            var wrong = steps[$"wrong secret {algorithm}"];
            wrong.Status.Should().Be(401);
            wrong.Challenges.Should().Equal("basic", "bearer");
        }

        foreach (var token in tokens)
            (await new ApiClient(app.NewHttp(), token).Get("/v1/auth/session")).ShouldBeRefused(
                HttpStatusCode.Unauthorized, "session_ended");
    }

    private sealed record Step(
        string Name, string? Issuer, string? JwksUri, int Scopes, Introspected? Before, Introspected? After, int Status, string? Error,
            string[]? Challenges,
        string? ClientId, string? Jti, string? Subject);

    private sealed record Introspected(
        bool Active, [property: System.Text.Json.Serialization.JsonPropertyName("client_id")] string? ClientId, string? Iss, string? Scope);
}

using Aegis.Auth.Access.Tokens;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Web.Validation;
using Aegis.Tests.Sessions;
using Microsoft.IdentityModel.Tokens;

namespace Aegis.Tests.Host;

/// <summary>How the edge handles credentials and names in the wrong place.</summary>
public sealed class CredentialEdgeTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_key_in_another_header_is_not_returned_logged_or_stored()
    {
        await using var own =
            await OwnAuth.Start(("TrustedProxies:0", "127.0.0.0/8"), ("TrustedProxies:1", "::1"), ("Logging:LogLevel:Microsoft", "Debug"));
        var key = await own.Auth.Key(scopes: ["key:read", "key:list", "audit:read", "org:read"]);
        var careless = own.Auth.With(key).With("X-Request-Id", key.Text).With("X-Forwarded-For", key.Text)
            .With("User-Agent", $"agent/{key.Text}");

        var answer = (await careless.Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);

        answer.Headers.GetValues("X-Request-Id").Single().Should().NotContain("aegis_");
        own.Auth.App.Logs.Lines.Should().NotContain(l => l.Contains(key.Text));
        (await own.Auth.With(key).Get("/v1/audit?limit=50")).ShouldBe(HttpStatusCode.OK).Text.Should().NotContain(key.Text);
        await own.Auth.App.Use<Aegis.Auth.Access.Keys.KeyUses>(u => u.Store(CancellationToken.None));
        (await own.Auth.With(key).Get($"/v1/auth/keys/{key.Id}")).ShouldBe(HttpStatusCode.OK).Text
            .Should().NotContain(key.Text).And.Contain("agent/***");
    }

    [Fact]
    public async Task Location_uses_the_public_URL_whatever_the_Host_header_is()
    {
        var key = await auth.Key(scopes: ["key:create", "org:read"]);

        var made = await auth.With(key).With("Host", "evil.example")
            .Post("/v1/auth/keys", new { name = "pipeline", scopes = new[] { "org:read" }, expiry = "7d" });

        made.ShouldBe(HttpStatusCode.Created).Headers.Location!.OriginalString
            .Should().Be($"{auth.App.Services.GetRequiredService<IPublicUrl>().Value}/v1/auth/keys/{made.Id}");
    }

    [Theory]
    [InlineData("a\u202Eb")] // changes the text direction
    [InlineData("a\u2066b")]
    [InlineData("a\u200Fb")]
    [InlineData("a\u200Bb")] // invisible
    [InlineData("a\nb")]
    [InlineData("a\u2028b")]
    public async Task Names_with_invisible_or_direction_characters_are_refused(string name)
    {
        var application = Applying.Body(auth.Clock, organization: name);
        var key = await auth.Key(scopes: ["key:create", "org:read"]);

        (await auth.Anonymous.Post("/v1/applications", application)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await auth.With(key).Post("/v1/auth/keys", new { name, scopes = new[] { "org:read" }, expiry = "7d" })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
    }

    [Theory]
    [InlineData("Müller & Söhne GmbH")]
    [InlineData("نمی\u200Cدانم")] // a Persian word with a zero-width non-joiner
    [InlineData("放射線科 🩻")]
    public void Names_in_every_script_are_accepted(string name) => ReadableText.IsOneLine(name).Should().BeTrue();

    [SqliteFact("a SQLite trigger makes the save fail")]
    public async Task A_leaked_key_is_recorded_by_the_next_call_if_the_first_could_not_be_saved()
    {
        var key = await auth.Key(scopes: ["key:read"]);
        var table = TestDatabase.Table("auth", "api_keys");
        await auth.App.Database.Run(
            $"CREATE TRIGGER fails BEFORE UPDATE OF ExposedAt ON {table} WHEN NEW.Id = '{key.Id}' BEGIN SELECT RAISE(ABORT, 'no'); END");
        ((int)(await auth.Anonymous.Get($"/v1/auth/session?key={key.Text}")).Status).Should().BeGreaterThanOrEqualTo(500);

        await auth.App.Database.Run("DROP TRIGGER fails");
        (await auth.Anonymous.Get($"/v1/auth/session?key={key.Text}")).ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url");

        (await auth.With(key).Get($"/v1/auth/keys/{key.Id}"))["exposedAt"].Should().NotBeNull();
    }

    [Theory]
    [InlineData("/v1/transfers/{0}")]
    [InlineData("/v1/content/{0}")]
    [InlineData("/claim/{0}")]
    [InlineData("/invitation/{0}")]
    [InlineData("/credentials/x{0}y/value")]
    [InlineData("/swagger/{0}")]
    [InlineData("/{0}")]
    [InlineData("/nothing/of/ours/{0}/")]
    [InlineData("/aegis.v1.IdentityGatewayService/{0}")]
    public async Task A_key_in_the_path_is_refused_and_recorded_as_exposed(string path)
    {
        var key = await auth.Key(scopes: ["key:read"]);
        var address = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, key.Text);

        var answer = (await auth.Anonymous.Get(address)).ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.Should().Contain("credential_in_url").And.NotContain(key.Text);
        (await auth.Anonymous.Post(address.Replace("aegis_", "%61egis_", StringComparison.Ordinal))).Text.Should().NotContain(key.Text);

        (await auth.With(key).Get($"/v1/auth/keys/{key.Id}"))["exposedAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task A_token_in_the_path_is_refused()
    {
        var token = await auth.Token(await auth.Key());

        var answer = (await auth.Anonymous.Get($"/v1/requests/{token}")).ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url");

        answer.Text.Should().NotContain(token);
    }

    [Theory]
    [InlineData("/v1/auth/session?token=x")]
    [InlineData("/v1/requests/eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0x.c2lnbmF0dXJl")]
    [InlineData("/nothing/of/ours?access_token=x")]
    public async Task A_credential_in_a_URL_counts_towards_the_rate_limit(string address)
    {
        await using var own = await OwnAuth.Start(("RateLimits:PerAddress", "1"), ("RateLimits:PerKey", "1"), ("RateLimits:Burst", "5"));
        var key = await own.Auth.Key();

        foreach (var caller in new[] { own.Auth.Anonymous, own.Auth.With(key) })
        {
            var answers = new List<ApiResponse>();
            for (var i = 0; i < 30; i++) answers.Add(await caller.Get(address));

            answers[0].ShouldBeRefused(HttpStatusCode.BadRequest, "credential_in_url");
            answers.First(a => a.Status != HttpStatusCode.BadRequest)
                .ShouldBeRefused(HttpStatusCode.TooManyRequests, "rate_limited").Headers.RetryAfter.Should().NotBeNull();
        }
    }

    [Theory]
    [InlineData("key")]
    [InlineData("token")]
    [InlineData("address")]
    public async Task Guessed_credentials_soon_cost_no_query_and_do_not_block_other_callers(string kind)
    {
        await using var own = await OwnAuth.Start(("RateLimits:PerAddress", "1"));
        var key = await own.Auth.Key();
        (await own.Auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        var (limited, since, before) = (0, TimeProvider.System.GetTimestamp(), Lookups(own.Auth));
        for (var i = 0; i < 100; i++)
        {
            var answer = await Guess(own.Auth, kind);
            if (answer.Status != HttpStatusCode.TooManyRequests) continue;
            answer.ShouldBeRefused(HttpStatusCode.TooManyRequests, "rate_limited").Headers.RetryAfter.Should().NotBeNull();
            limited++;
        }

        var windows = (int)(TimeProvider.System.GetElapsedTime(since).TotalSeconds / 5) + 2; // each window allows five lookups
        limited.Should().BePositive();
        (Lookups(own.Auth) - before).Should().BePositive().And.BeLessThanOrEqualTo(5 * windows);
        (await own.Auth.With(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    private static Task<ApiResponse> Guess(AuthApp auth, string kind)
    {
        var part = (string text) => Base64UrlEncoder.Encode(text);
        return kind switch
        {
            "key" => auth.WithToken(Forged.Key()).Get("/v1/auth/session"),
            "token" =>
                auth.WithToken(
                    $"{part($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{Ids.New(SigningKey.IdPrefix, auth.Clock.GetUtcNow())}}"}""")}.{part("{}")}.{part("none")}").Get("/v1/auth/session"),
            _ => auth.Anonymous.Get($"/v1/auth/session?note={Forged.Key()}"),
        };
    }

    private static int Lookups(AuthApp auth) =>
        auth.App.Logs.Lines.Count(l => l.Contains("Executed DbCommand")
            && (l.Contains("\"PublicId\" = ") || (l.Contains("\"PublicKey\"") && l.Contains("\"Id\" = @kid"))));
}

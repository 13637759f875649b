namespace Aegis.Tests.Sessions;

public sealed class TotpTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task A_TOTP_secret_is_shown_once()
    {
        var response = (await auth.With(await auth.Key()).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);

        response.Json.EnumerateObject().Select(p => p.Name).Should().Equal("secret", "uri");
        response["secret"].Should().MatchRegex("^[A-Z2-7]{32}$");
        response["uri"]
            .Should().StartWith("otpauth://totp/Aegis:u_").And
            .EndWith($"?secret={response["secret"]}&issuer=Aegis&algorithm=SHA1&digits=6&period=30");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task Another_secret_can_be_requested_until_a_code_confirms_it()
    {
        var client = auth.With(await auth.Key());
        var first = await client.Post("/v1/auth/totp");
        var second = await client.Post("/v1/auth/totp", "{}");

        var old = new Authenticator(Gateway.FromBase32(first["secret"]!), auth.Clock);
        var current = new Authenticator(Gateway.FromBase32(second["secret"]!), auth.Clock);

        (await Confirm(client, old.Code())).ShouldBeRefused(HttpStatusCode.Forbidden, "totp_invalid");
        (await Confirm(client, current.Code())).ShouldBe(HttpStatusCode.NoContent);
        (await Confirm(client, current.Code())).ShouldBeRefused(HttpStatusCode.Conflict, "totp_not_pending");
    }

    [Fact]
    public async Task Replacing_an_authenticator_needs_one_of_its_codes()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);
        var client = auth.With(key);

        (await client.Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Conflict, "totp_already_enrolled");
        (await client.Post("/v1/auth/totp", new { totp = authenticator.Wrong() })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "totp_invalid");
        (await client.Post("/v1/auth/totp", new { totp = "12345x" })).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        var offered = (await client.Post("/v1/auth/totp", new { totp = authenticator.Code(1) })).ShouldBe(HttpStatusCode.OK);
        var next = new Authenticator(Gateway.FromBase32(offered["secret"]!), auth.Clock);
        (await Confirm(client, next.Code())).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Too_many_wrong_codes_lock_the_user_for_15_minutes()
    {
        await using var own = await OwnAuth.Start();
        var key = await own.Auth.Key();
        var client = own.Auth.With(key);
        var offered = await client.Post("/v1/auth/totp");
        var authenticator = new Authenticator(Gateway.FromBase32(offered["secret"]!), own.Auth.Clock);

        for (var i = 0; i < 5; i++)
            (await Confirm(client, authenticator.Wrong())).ShouldBeRefused(HttpStatusCode.Forbidden, "totp_invalid");

        var locked = (await Confirm(client, authenticator.Now())).ShouldBeRefused(HttpStatusCode.TooManyRequests, "totp_locked");
        locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds.Should().BeInRange(880, 900);
        own.Auth.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(20));
        (await Confirm(client, authenticator.Now())).ShouldBeRefused(HttpStatusCode.TooManyRequests, "totp_locked");
        own.Auth.Clock.Advance(TimeSpan.FromSeconds(20));
        (await Confirm(client, authenticator.Wrong())).ShouldBeRefused(HttpStatusCode.Forbidden, "totp_invalid");
        (await Confirm(client, authenticator.Now())).ShouldBeRefused(HttpStatusCode.TooManyRequests, "totp_locked");
        own.Auth.Clock.Advance(TimeSpan.FromMinutes(15));
        (await Confirm(client, authenticator.Now())).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Concurrent_guesses_are_all_counted()
    {
        var key = await auth.Key();
        var client = auth.With(key);
        var offered = await client.Post("/v1/auth/totp");
        var wrong = new Authenticator(Gateway.FromBase32(offered["secret"]!), auth.Clock).Wrong();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Confirm(client, wrong)));

        answers.Count(a => a["code"] == "totp_invalid").Should().BeLessThanOrEqualTo(5);
        answers.Should().OnlyContain(a => a["code"] == "totp_invalid" || a["code"] == "totp_locked" || a["code"] == "concurrent_change");
    }

    [Fact]
    public async Task A_secret_is_stored_sealed_and_never_logged()
    {
        var key = await auth.Key();
        var authenticator = await auth.Enrol(key);

        var sealedSecret = await auth.App.Use<AuthDb, byte[]?>(db => db.TotpEnrolments.Where(t => t.UserId == key.UserId)
            .Select(t => t.SealedSecret).SingleAsync());

        Convert.ToHexString(sealedSecret!).Should().NotContain(Convert.ToHexString(authenticator.Secret));
        auth.App.Logs.Lines.Should().NotContain(l => l.Contains(Aegis.Auth.People.OneTimeCodes.Rfc6238.ToBase32(authenticator.Secret)));
    }

    [Fact]
    public async Task A_risky_session_cannot_enrol_an_authenticator()
    {
        var client = auth.WithToken(await auth.Token(await auth.Key()));
        await client.Session(riskScore: 60);

        (await client.Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
        (await Confirm(client, "123456")).ShouldBeRefused(HttpStatusCode.Unauthorized, "insufficient_user_authentication");
    }

    private static Task<ApiResponse> Confirm(ApiClient client, string code) => client.Post("/v1/auth/totp/confirm", new { totp = code });
}

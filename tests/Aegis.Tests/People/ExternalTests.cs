using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.People;

public sealed class ExternalTests : IAsyncLifetime
{
    private const string NewKey = "/settings/api-keys/new";
    private const string SignInAgain = $"/sign-in/external?again=true&returnUrl={NewKey}";

    private AegisApp app = null!;
    private IdentityProvider provider = null!;

    public async Task InitializeAsync()
    {
        provider = await IdentityProvider.Start();
        app = await AegisApp.Start(
            ("Auth:External:Authority", provider.Url), ("Auth:External:ClientId", IdentityProvider.ClientId),
            ("Auth:External:ClientSecret", IdentityProvider.Secret), ("Auth:External:Name", "Clinic login"));
        provider.Email = app.Person("cons_456").Email;
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task A_person_signs_in_with_the_provider_and_is_found_by_the_subject_from_then_on()
    {
        using var browser = new Browser(app);
        (await browser.Get("/sign-in?returnUrl=%2Fsettings")).ShouldSay(HttpStatusCode.OK, "Continue with Clinic login").Text
            .Should().NotContain("name=\"Password\"");

        (await Follow(browser, "/sign-in/external?returnUrl=%2Fsettings")).ShouldLeadTo("/settings");
        (await browser.Get("/settings")).ShouldSay(HttpStatusCode.OK, "Reading group operator").Text.Should().NotContain("Change password");

        provider.Email = "renamed@clinic.example";
        using var later = new Browser(app);
        (await Follow(later)).ShouldLeadTo("/settings/api-keys");
        (await app.NamesOf("", "user.linked")).Should().ContainSingle();
        (await app.Use<AuthDb, string?>(db => db.Sessions.OrderByDescending(s => s.Id).Select(s => s.AuthMethod).FirstAsync()))
            .Should().Be("ext");
        app.Logs.Lines.Should().NotContain(l => l.Contains(IdentityProvider.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_uninvited_or_unverified_address_or_one_linked_to_another_subject_is_refused()
    {
        using var browser = new Browser(app);

        provider.Email = "nobody@clinic.example";
        (await Follow(browser)).ShouldSay(HttpStatusCode.Forbidden, "No user of Aegis has this account");
        (provider.Email, provider.IsVerified) = (app.Person("cons_456").Email, false);
        (await Follow(browser)).ShouldSay(HttpStatusCode.Forbidden, "No user of Aegis has this account");
        provider.IsVerified = true;
        (await Follow(browser)).ShouldLeadTo("/settings/api-keys");
        provider.Subject = "subject-2";
        using var other = new Browser(app);
        (await Follow(other)).ShouldSay(HttpStatusCode.Forbidden, "No user of Aegis has this account");
        (await app.Use<AuthDb, int>(db => db.ExternalIdentities.CountAsync())).Should().Be(1);
    }

    [Fact]
    public async Task A_disabled_user_cannot_sign_in()
    {
        using var browser = new Browser(app);
        await Follow(browser);
        await app.Use<AuthDb>(async db =>
        {
            (await db.Users.SingleAsync(u => u.Email == provider.Email)).Disable(app.Clock.GetUtcNow());
            await db.SaveChangesAsync();
        });
        using var other = new Browser(app);

        (await Follow(other)).ShouldSay(HttpStatusCode.Forbidden, "No user of Aegis has this account");
    }

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("iss", "https://evil.example")]
    [InlineData("aud", "another-client")]
    [InlineData("exp", 1_000_000L)]
    [InlineData("sub", "")]
    public async Task A_token_with_a_wrong_claim_is_refused(string claim, object value)
    {
        using var browser = new Browser(app);
        provider.Lie = claims => claims[claim] = value;

        (await Follow(browser)).ShouldSay(HttpStatusCode.BadGateway, "The sign-in with Clinic login failed");

        (await browser.Get("/settings")).Status.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_token_signed_with_another_key_is_refused()
    {
        using var browser = new Browser(app);
        provider.IsForged = true;

        (await Follow(browser)).ShouldSay(HttpStatusCode.BadGateway, "The sign-in with Clinic login failed");
    }

    [Fact]
    public async Task An_answer_to_the_attempt_of_another_browser_is_refused()
    {
        using var browser = new Browser(app);
        using var victim = new Browser(app);
        var answer = provider.LetIn((await browser.Get("/sign-in/external")).Location!);

        (await victim.Get(answer)).ShouldSay(HttpStatusCode.BadRequest, "began in another browser");
        await victim.Get("/sign-in/external");
        (await victim.Get(answer)).ShouldSay(HttpStatusCode.BadRequest, "began in another browser");
        (await browser.Get(answer)).ShouldLeadTo("/settings/api-keys");
        (await browser.Get(answer)).ShouldSay(HttpStatusCode.BadRequest, "began in another browser");
        await browser.Get("/sign-in/external");
        (await browser.Get("/sign-in/external/callback?error=access_denied")).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task After_15_minutes_a_person_must_sign_in_at_the_provider_again()
    {
        using var browser = new Browser(app);
        await Follow(browser);
        Advance(TimeSpan.FromMinutes(15));
        (await browser.Get(NewKey)).ShouldLeadTo($"/sign-in/again?returnUrl={Uri.EscapeDataString(NewKey)}");
        var asked = (await browser.Get($"/sign-in/again?returnUrl={NewKey}")).ShouldSay(HttpStatusCode.OK, "Continue with Clinic login");
        asked.Text.Should().NotContain("name=\"Password\"").And.Contain("/sign-in/external?again=true");
        (await browser.Send(await browser.Get("/settings"), "/sign-in/again", ("Password", app.Person("cons_456").Password))).ShouldSay(
            HttpStatusCode.Forbidden, "Sign in with Clinic login");

        var address = (await browser.Get(SignInAgain)).Location!;
        address.Should().Contain("prompt=login").And.Contain("max_age=0");
        (await browser.Get(provider.LetIn(address))).ShouldLeadTo(NewKey);

        (await browser.Get(NewKey)).ShouldSay(HttpStatusCode.OK, "New API key");
        (await browser.Get("/sign-in/external")).Location.Should().NotContain("prompt=");
        (await app.Use<AuthDb, int>(db => db.Sessions.CountAsync())).Should().Be(1);
        (await app.Happened("session.proved")).Single().Details!["methods"].GetString().Should().Be("ext");
    }

    [Theory]
    [InlineData("auth_time", -3)]
    [InlineData("auth_time", 3)]
    [InlineData("auth_time", null)]
    [InlineData("sub", null)]
    public async Task A_token_of_another_person_or_an_earlier_sign_in_does_not_reauthenticate(string claim, int? minutes)
    {
        using var browser = new Browser(app);
        await Follow(browser);
        Advance(TimeSpan.FromMinutes(15));
        var before = provider.Lie;
        provider.Lie = claims =>
        {
            before(claims);
            if (claim == "sub") claims["sub"] = "somebody else";
            else if (minutes is null) claims.Remove("auth_time");
            else claims["auth_time"] = app.Clock.GetUtcNow().AddMinutes(minutes.Value).ToUnixTimeSeconds();
        };

        (await Follow(browser, SignInAgain)).ShouldSay(
            HttpStatusCode.Forbidden, "did not confirm that you, Reading group operator, have just signed in there");

        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect);
        (await app.NamesOf("", "session.pro")).Should().Equal("session.proof_failed");
    }

    [Fact]
    public async Task A_reauthentication_begun_in_one_login_does_not_count_for_another()
    {
        using var browser = new Browser(app);
        await Follow(browser);
        Advance(TimeSpan.FromMinutes(15));
        var answer = provider.LetIn((await browser.Get(SignInAgain)).Location!);
        var page = await browser.Get("/settings");
        var attempt = browser.Cookies.GetCookies(app.BaseAddress)["aegis-external"]!.Value;
        await browser.Send(page, "/sign-out");
        await Follow(browser);
        browser.Cookies.Add(app.BaseAddress, new Cookie("aegis-external", attempt));
        Advance(TimeSpan.FromMinutes(5));

        (await browser.Get(answer)).ShouldSay(HttpStatusCode.BadRequest, "with another login");
        (await app.NamesOf("", "session.pro")).Should().BeEmpty();
    }

    [Fact]
    public async Task Passwords_and_passkeys_are_refused()
    {
        await using var local =
            await app.StartAnotherHost(("Auth:External:Authority", ""), ("Auth:External:ClientId", ""), ("Auth:External:ClientSecret", ""),
                ("Auth:External:Name", ""));
        using var browser = new Browser(local);
        var form = await browser.Get("/sign-in"); // hosts share the keys of antiforgery tokens
        using var here = new Browser(app, browser.Cookies);
        var (email, password) = app.Person("cons_456");

        var answer = await here.Send(form, "/sign-in", ("Email", email), ("Password", password));

        answer.ShouldSay(HttpStatusCode.Forbidden, "Sign in with Clinic login").Text.Should().Contain("sign_in_elsewhere");
        (await here.Send(form, "/sign-in?handler=PasskeyOptions")).ShouldSay(HttpStatusCode.Forbidden, "Sign in with Clinic login");
    }

    [Theory]
    [InlineData("Auth:External:Authority", "http://provider.example")]
    [InlineData("Auth:External:ClientId", "")]
    [InlineData("Auth:External:ClientSecret", "")]
    [InlineData("Auth:External:Authority", "")]
    public void An_incomplete_configuration_prevents_the_start(string key, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Auth:External:Authority"] = "https://provider.example",
            ["Auth:External:ClientId"] = "a",
            ["Auth:External:ClientSecret"] = "b",
            [key] = value,
        };

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var read = () => Aegis.Auth.People.External.ExternalOptions.From(configuration);

        read.Should().Throw<StartRefusedException>().WithMessage("*Auth:External:*");
    }

    /// <summary>Advances the clocks of Aegis and of the provider.</summary>
    private void Advance(TimeSpan by)
    {
        app.Clock.Advance(by);
        provider.Lie = claims =>
        {
            var now = app.Clock.GetUtcNow();
            (claims["iat"], claims["exp"], claims["auth_time"]) =
                (now.ToUnixTimeSeconds(), now.AddMinutes(5).ToUnixTimeSeconds(), now.ToUnixTimeSeconds());
        };
    }

    private async Task<Shown> Follow(Browser browser, string path = "/sign-in/external") =>
        await browser.Get(provider.LetIn((await browser.Get(path)).Location!));
}

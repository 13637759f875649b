using Aegis.Kernel.Web.Http;
using Aegis.Tests.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.People;

/// <summary>
/// Changes that survive a login require a sign-in within the last 15 minutes. LoginTimesTests tests the exact limits, because the clock of
/// these tests keeps running.
/// </summary>
public sealed class RecentSignInTests : IAsyncLifetime
{
    private const string Again = "/sign-in/again";
    private const string NewKey = "/settings/api-keys/new";
    private const string WrongPassword = "The password is wrong";
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(15);

    private AegisApp app = null!;
    private Browser browser = null!;

    private (string Email, string Password) Person => app.Person("cons_456");

    public async Task InitializeAsync()
    {
        app = await AegisApp.Start();
        browser = new Browser(app);
        await browser.SignIn(Person);
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task After_15_minutes_a_person_must_sign_in_again_and_returns_to_the_page()
    {
        app.Clock.Advance(Stale - TimeSpan.FromMinutes(1));
        (await browser.Get(NewKey)).ShouldSay(HttpStatusCode.OK, "New API key");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await browser.Get(NewKey)).ShouldLeadTo($"{Again}?returnUrl=%2Fsettings%2Fapi-keys%2Fnew");

        var asked = (await browser.Get($"{Again}?returnUrl={NewKey}")).ShouldSay(HttpStatusCode.OK, Person.Email);
        (await browser.Send(asked, Again, ("Password", "a wrong password"), ("ReturnUrl", NewKey))).ShouldSay(
            HttpStatusCode.Forbidden, WrongPassword);
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect);
        (await browser.Send(asked, Again, ("Password", Person.Password), ("ReturnUrl", NewKey))).ShouldLeadTo(NewKey);

        (await browser.Get(NewKey)).ShouldSay(HttpStatusCode.OK, "New API key");
        (await browser.Get($"{Again}?returnUrl={NewKey}")).ShouldLeadTo(NewKey);
        (await app.NamesOf("", "session.pro")).Should().Equal("session.proof_failed", "session.proved");
        (await app.Happened("session.proof_failed")).Single().Organizations.Should().Equal("cons_456");
        app.Clock.Advance(Stale);
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect, "a re-authentication counts no longer than a sign-in");
    }

    [Fact]
    public async Task No_change_that_survives_a_login_works_without_a_recent_sign_in()
    {
        var id = (await app.As("operator").Get("/v1/auth/session"))["keyId"]!;
        var page = await browser.Get(NewKey);
        var before = await app.NamesOf("cons_456");
        app.Clock.Advance(Stale);
        var codes = await AuthApp.On(app).BeginDevice();

        foreach (var (path, back, fields) in new (string, string, (string, string)[])[]
        {
            (NewKey, NewKey, [("Name", "k"), ("Expiry", "30d"), ("Preset", "custom"), ("Scopes", "study:read")]),
            ($"/settings/api-keys/{id}/rotate", $"/settings/api-keys/{id}/rotate", [("Overlap", "24h")]),
            ("/settings/passkeys?handler=Options", "/settings/passkeys", []),
            ("/settings/passkeys?handler=Add", "/settings/passkeys", [("Name", "x"), ("Credential", "{}")]),
            ("/settings/passkeys?handler=Remove", "/settings/passkeys", [("Id", "psk_1")]),
            ("/settings/authenticator", "/settings/authenticator", []),
            ("/settings/authenticator?handler=Confirm", "/settings/authenticator", [("Code", "123456")]),
            ("/settings/password", "/settings/password",
                [("Current", Person.Password), ("Password", "seven grey herons at noon"), ("Again", "seven grey herons at noon")]),
            ($"/realms/aegis-system/device?user_code={codes.User}&handler=Approve", $"/realms/aegis-system/device?user_code={codes.User}",
                [("UserCode", codes.User)]),
        })
        {
            var led = $"{Again}?returnUrl={Uri.EscapeDataString(back)}";
            (await browser.Send(page, path, fields)).ShouldLeadTo(led);
            (await browser.Get(back)).ShouldLeadTo(led);
        }

        (await AuthApp.On(app).Poll(codes))["error"].Should().Be("authorization_pending");
        (await app.NamesOf("cons_456")).Should().Equal(before);
        foreach (var free in new[] { "/settings", "/settings/api-keys", "/settings/sessions", $"/settings/api-keys/{id}/revoke" })
            (await browser.Get(free)).Status.Should().Be(HttpStatusCode.OK, "{0} gives no lasting access", free);
    }

    [Fact]
    public async Task A_sign_in_in_one_login_does_not_count_for_another()
    {
        app.Clock.Advance(Stale);
        using var other = new Browser(app);
        await other.SignIn(Person);

        (await other.Get(NewKey)).Status.Should().Be(HttpStatusCode.OK);
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Wrong_passwords_count_together_with_those_at_the_sign_in()
    {
        app.Clock.Advance(Stale);
        var asked = await browser.Get(Again);
        using var elsewhere = new Browser(app);
        for (var i = 0; i < 2; i++) await browser.Send(asked, "/sign-in", ("Email", Person.Email), ("Password", $"guess number {i}"));
        // the last tries of the known browser
        for (var i = 2; i < 5; i++) await browser.Send(asked, Again, ("Password", $"guess number {i}"));
        await elsewhere.SignIn(Person with { Password = "not the password" });
        for (var i = 5; i < 9; i++) await browser.Send(asked, Again, ("Password", $"guess number {i}")); // it now counts as a stranger

        (await browser.Send(asked, Again, ("Password", Person.Password))).ShouldSay(HttpStatusCode.Forbidden, WrongPassword);
        (await elsewhere.SignIn(Person)).Status.Should().Be(HttpStatusCode.Forbidden);
        app.Clock.Advance(TimeSpan.FromMinutes(15));

        (await browser.Send(asked, Again, ("Password", Person.Password))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task With_an_authenticator_a_one_time_code_is_required_too_and_works_once()
    {
        var offered = await browser.Fill("/settings/authenticator");
        var secret = System.Text.RegularExpressions.Regex.Match(offered.Text, "<code>([A-Z2-7]{32})</code>").Groups[1].Value;
        var authenticator = new Authenticator(Gateway.FromBase32(secret), app.Clock);
        await browser.Send(offered, "/settings/authenticator?handler=Confirm", ("Code", authenticator.Code()));
        app.Clock.Advance(Stale);
        var asked = (await browser.Get(Again)).ShouldSay(HttpStatusCode.OK, "One-time code");

        (await browser.Send(asked, Again, ("Password", Person.Password))).ShouldSay(HttpStatusCode.OK, "Enter the six digits");
        (await browser.Send(asked, Again, ("Password", Person.Password), ("Code", authenticator.Wrong()))).ShouldSay(
            HttpStatusCode.Forbidden, "This is not the user's current code");
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect);
        var code = authenticator.Now();
        (await browser.Send(asked, Again, ("Password", Person.Password), ("Code", code))).ShouldLeadTo("/settings/api-keys");
        (await browser.Send(asked, Again, ("Password", Person.Password), ("Code", code))).ShouldSay(
            HttpStatusCode.Forbidden, "This code has already been used");

        (await app.Happened("session.proved")).Single().Details!["methods"].GetString().Should().Be("pwd otp");
    }

    [Fact]
    public async Task Only_a_passkey_of_the_same_person_reauthenticates()
    {
        var origin = new Uri(app.Services.GetRequiredService<IPublicUrl>().Value);
        using var stranger = new Browser(app);
        await stranger.SignIn(app.Person("prov_123"));
        using var own = new SoftPasskey(origin);
        using var others = new SoftPasskey(origin);
        var (userId, otherId) = (await Add(browser, own), await Add(stranger, others));
        app.Clock.Advance(Stale);
        var asked = (await browser.Get(Again)).ShouldSay(HttpStatusCode.OK, "Use a passkey");

        (await Answer(c => others.Get(c, otherId))).ShouldSay(HttpStatusCode.Forbidden, "This passkey is not known here");
        (await Answer(c => others.Get(c, otherId), "/sign-in?handler=PasskeyOptions")).ShouldSay(
            HttpStatusCode.Forbidden, "This passkey belongs to another user");
        (await Answer(c => own.Get(c, userId, SoftPasskey.Present))).ShouldSay(HttpStatusCode.Forbidden, "This passkey is not known here");
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.Redirect);
        (await Answer(c => own.Get(c, userId))).ShouldLeadTo(NewKey);
        (await browser.Get(NewKey)).Status.Should().Be(HttpStatusCode.OK);

        async Task<Shown> Answer(Func<string, string> passkey, string begin = $"{Again}?handler=PasskeyOptions")
        {
            var options = JsonDocument.Parse((await browser.Send(asked, begin)).Text).RootElement;
            return await browser.Send(asked, $"{Again}?handler=Passkey",
                ("Credential", passkey(options.GetProperty("challenge").GetString()!)), ("ReturnUrl", NewKey));
        }
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_again_never_redirects_to_another_site(string returnUrl)
    {
        (await browser.Get($"{Again}?returnUrl={Uri.EscapeDataString(returnUrl)}")).ShouldLeadTo("/settings/api-keys");
        app.Clock.Advance(Stale);

        (await browser.Fill(Again, ("Password", Person.Password), ("ReturnUrl", returnUrl))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_typed_password_is_in_no_page_event_or_log()
    {
        app.Clock.Advance(Stale);
        var wrong = await browser.Fill(Again, ("Password", "a wrong password"));
        await browser.Fill(Again, ("Password", Person.Password));

        wrong.Text.Should().NotContain("a wrong password");
        (await app.EventBodies())
            .Should().NotContain(b => b.Contains("wrong password", StringComparison.Ordinal)
                || b.Contains(Person.Password, StringComparison.Ordinal));
        app.Logs.Lines.Should().NotContain(l => l.Contains(Person.Password, StringComparison.Ordinal));
        (await app.Use<AuthDb, int>(db => db.Sessions.CountAsync(s => s.ProvedAt != null))).Should().Be(1);
    }

    private static async Task<string> Add(Browser browser, SoftPasskey passkey)
    {
        var page = await browser.Get("/settings/passkeys");
        var options = JsonDocument.Parse((await browser.Send(page, "/settings/passkeys?handler=Options")).Text).RootElement;
        (await browser.Send(page, "/settings/passkeys?handler=Add", ("Name", "Test device"),
            ("Credential", passkey.Create(options.GetProperty("challenge").GetString()!))))
            .ShouldLeadTo("/settings/passkeys?done=added");
        return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(options.GetProperty("user").GetProperty("id").GetString()!));
    }
}

using System.Buffers.Binary;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.People;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Consumer = "cons_456";
    private const string Wrong = "The e-mail address or the password is wrong";

    private AegisApp app = null!;

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_person_signs_in_and_out_and_the_cookie_does_not_work_afterwards()
    {
        using var browser = new Browser(app);
        (await browser.Get("/settings/api-keys?all=true")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings%2Fapi-keys%3Fall%3Dtrue");

        var signedIn = (await browser.SignIn(app.Person(Consumer))).ShouldLeadTo("/settings/api-keys");
        var cookie = signedIn.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("aegis=", StringComparison.Ordinal))
            .Split(';', StringSplitOptions.TrimEntries);
        var page = (await browser.Get("/settings/api-keys")).ShouldSay(HttpStatusCode.OK, "Sandbox consumer");
        var kept = new CookieContainer();
        kept.Add(app.BaseAddress, browser.Cookies.GetCookies(app.BaseAddress));
        (await browser.Send(page, "/sign-out")).ShouldLeadTo("/sign-in?Done=out");

        cookie.Should().Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/").And.NotContain(a =>
            a.StartsWith("expires", StringComparison.Ordinal));
        using var thief = new Browser(app, kept);
        (await thief.Get("/settings/api-keys")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings%2Fapi-keys");
    }

    [Fact]
    public async Task A_login_ends_after_24_hours()
    {
        using var browser = new Browser(app);
        await browser.SignIn(app.Person(Consumer));

        app.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        (await browser.Get("/settings")).Status.Should().Be(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await browser.Get("/settings")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings");
    }

    [Fact]
    public async Task The_answer_does_not_reveal_whether_an_address_has_a_user()
    {
        using var browser = new Browser(app);
        var person = app.Person(Consumer);

        var wrong = (await browser.SignIn(person with { Password = "not the password" })).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        var nobody = await browser.SignIn(("nobody@cons-456.sandbox.example", "not the password"));
        for (var i = 0; i < 4; i++) await browser.SignIn(person with { Password = "not the password" });
        var locked = await browser.SignIn(person);

        nobody.TextWithoutValues.Should().Be(wrong.TextWithoutValues);
        locked.TextWithoutValues.Should().Be(wrong.TextWithoutValues);
        wrong.Text.Should().NotContain("not the password");
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_for_15_minutes_and_the_organization_gets_events()
    {
        using var browser = new Browser(app);
        var person = app.Person(Consumer);
        for (var i = 0; i < 5; i++) await browser.SignIn(person with { Password = "a wrong password" });

        (await browser.SignIn(person)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        app.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(5));
        (await browser.SignIn(person)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        (await browser.SignIn(person)).ShouldLeadTo("/settings/api-keys");

        var failures = (await app.Happened("user.sign_in_failed")).ToList();
        failures.Should().HaveCount(5).And.OnlyContain(f => f.Organizations.Single() == Consumer);
        failures.Count(f => f.Details!.TryGetValue("lockedUntil", out var until)
            && until.ValueKind == System.Text.Json.JsonValueKind.String).Should().Be(1);
        (await app.EventBodies())
            .Should().NotContain(b => b.Contains("wrong password", StringComparison.Ordinal)
                || b.Contains(person.Password, StringComparison.Ordinal));
        app.Logs.Lines.Should().NotContain(l => l.Contains(person.Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Simultaneous_guesses_are_each_counted()
    {
        var person = app.Person(Consumer);
        using var browser = new Browser(app);
        var page = await browser.Get("/sign-in");

        await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(i => browser.Send(page, "/sign-in", ("Email", person.Email), ("Password", $"guess number {i}"))));

        (await browser.SignIn(person)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        (await app.Happened("user.sign_in_failed")).Count.Should().BeLessThanOrEqualTo(5);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_never_redirects_to_another_site(string returnUrl)
    {
        using var browser = new Browser(app);
        var person = app.Person(Consumer);

        var answer = await browser.Fill("/sign-in", ("Email", person.Email), ("Password", person.Password), ("ReturnUrl", returnUrl));

        answer.ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused_with_a_page()
    {
        using var browser = new Browser(app);
        await browser.SignIn(app.Person(Consumer));

        var forged = await browser.Send(new Shown(HttpStatusCode.OK, null, "", null!), "/settings/sessions", ("Id", "ses_1"));

        forged.ShouldSay(HttpStatusCode.BadRequest, "This form is too old").Text.Should().Contain("form_expired");
    }

    [Fact]
    public async Task The_API_accepts_no_cookie_and_the_pages_accept_no_key()
    {
        using var browser = new Browser(app);
        await browser.SignIn(app.Person(Consumer));
        var cookie = browser.Cookies.GetCookieHeader(app.BaseAddress);

        (await app.Anonymous.With("Cookie", cookie)
            .Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.Anonymous.With("Cookie", cookie)
            .Post("/v1/auth/keys", new { name = "k", preset = "read-only", expiry = "7d" }))
                .ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.BaseAddress };
        http.DefaultRequestHeaders.Add("Authorization", $"Bearer {app.Key("operator")}");
        (await http.GetAsync("/settings/api-keys")).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task With_an_authenticator_the_password_alone_gives_no_access()
    {
        using var browser = new Browser(app);
        await browser.SignIn(app.Person(Consumer));
        var authenticator = await Enrol(browser);
        using var other = new Browser(app);

        (await other.SignIn(app.Person(Consumer), "/sign-in?returnUrl=%2Fsettings")).Location.Should().StartWith("/sign-in/code");
        (await other.Get("/settings")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings");
        var asked = await other.Get("/sign-in/code?ReturnUrl=%2Fsettings");
        (await other.Send(asked, "/sign-in/code", ("Code", authenticator.Wrong()))).ShouldSay(
            HttpStatusCode.OK, "This is not the user's current code");
        (await other.Send(asked, "/sign-in/code", ("Code", authenticator.Code(1)), ("ReturnUrl", "/settings"))).ShouldLeadTo("/settings");
        (await other.Get("/settings")).ShouldSay(HttpStatusCode.OK, "On. After your password");
        using var observer = new Browser(app);
        await observer.SignIn(app.Person(Consumer));
        (await observer.Fill("/sign-in/code", ("Code", authenticator.Code(1)))).ShouldSay(
            HttpStatusCode.OK, "This code has already been used");
        (await other.Get("/sign-in/code")).Location.Should().StartWith("/sign-in", "the sign-in is complete");
    }

    [Fact]
    public async Task A_fast_password_hash_is_replaced_with_a_slow_one_at_its_first_use()
    {
        using var browser = new Browser(app);
        var (email, _) = app.Person(Consumer);
        await browser.SignIn(app.Person(Consumer));

        var hash = Convert.FromBase64String(
            (await app.Use<AuthDb, string?>(db => db.Users.Where(u => u.Email == email).Select(u => u.PasswordHash).SingleAsync()))!);

        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)).Should().Be(2, "HMAC-SHA-512");
        BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)).Should().Be(210_000);
    }

    [Fact]
    public async Task Another_host_accepts_the_cookie_with_keys_that_are_sealed_in_the_database()
    {
        using var browser = new Browser(app);
        await browser.SignIn(app.Person(Consumer));
        await using var other = await app.StartAnotherHost();
        using var elsewhere = new Browser(other, browser.Cookies); // cookies do not depend on the port

        (await elsewhere.Get("/settings")).ShouldSay(HttpStatusCode.OK, "Reading group operator");

        var keys = await app.Use<AuthDb, List<byte[]>>(db => db.ProtectionKeys.Select(k => k.SealedXml).ToListAsync());
        keys.Should().NotBeEmpty().And.OnlyContain(k => SealedBox.KeyIdOf(k).Length > 0);
        keys.Should().NotContain(k => System.Text.Encoding.UTF8.GetString(k).Contains("<key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Behind_https_cookies_are_bound_to_this_host()
    {
        await using var secure = await AegisApp.Start(("PublicUrl", "https://aegis.example"));
        using var browser = new Browser(secure);
        var page = await browser.Get("/sign-in"); // as a proxy that ends TLS would send it
        var form = page.Answer.Headers.GetValues("Set-Cookie").Single();
        var token = new CookieContainer();
        token.Add(secure.BaseAddress, new Cookie("__Host-aegis-form", form.Split('=', 2)[1].Split(';')[0]));
        using var withToken = new Browser(secure, token); // a real browser would not send this cookie over http
        var person = secure.Person(Consumer);

        var signedIn = await withToken.Send(page, "/sign-in", ("Email", person.Email), ("Password", person.Password));

        form.Should().StartWith("__Host-aegis-form=").And.Contain("; secure").And.Contain("; path=/").And.Contain(
            "; httponly").And.NotContain("domain=");
        signedIn.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-aegis=", StringComparison.Ordinal))
            .Should().Contain("; secure").And.Contain("; path=/").And.NotContain("domain=");
        signedIn.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-aegis-known=", StringComparison.Ordinal)).Should()
            .Contain("; secure").And.Contain("; path=/").And.Contain("; httponly").And.NotContain("domain=");
    }

    [Fact]
    public async Task Too_many_sign_ins_from_one_address_are_refused_with_a_page()
    {
        await using var strict = await AegisApp.Start(("RateLimits:SignInsPerMinute", "3"));
        using var browser = new Browser(strict);

        for (var i = 0; i < 3; i++) await browser.SignIn(($"u{i}@example.org", "not the password"));
        var stopped = await browser.SignIn(("u@example.org", "not the password"));

        stopped.ShouldSay(HttpStatusCode.TooManyRequests, "Too many requests").Answer.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task The_limit_of_sign_ins_also_applies_to_a_signed_in_person()
    {
        await using var strict = await AegisApp.Start(("RateLimits:SignInsPerMinute", "3"));
        using var browser = new Browser(strict);
        (await browser.SignIn(strict.Person(Consumer))).ShouldLeadTo("/settings/api-keys");
        var page = await browser.Get("/settings");

        for (var i = 0; i < 2; i++) await browser.Send(page, "/sign-in", ("Email", $"u{i}@example.org"), ("Password", "not the password"));
        var stopped = await browser.Send(page, "/sign-in", ("Email", "u@example.org"), ("Password", "not the password"));

        stopped.ShouldSay(HttpStatusCode.TooManyRequests, "Too many requests");
        (await browser.Get("/settings")).Status.Should().Be(HttpStatusCode.OK);
    }

    private async Task<Authenticator> Enrol(Browser browser)
    {
        var offered = await browser.Fill("/settings/authenticator");
        var secret = System.Text.RegularExpressions.Regex.Match(offered.Text, "<code>([A-Z2-7]{32})</code>").Groups[1].Value;
        var authenticator = new Authenticator(Gateway.FromBase32(secret), app.Clock);
        (await browser.Send(offered, "/settings/authenticator?handler=Confirm", ("Code", authenticator.Code()))).ShouldLeadTo(
            "/settings?done=authenticator");
        return authenticator;
    }
}

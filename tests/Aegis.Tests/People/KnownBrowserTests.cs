using Aegis.Auth;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;
using Aegis.Auth.People.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.People;

/// <summary>Somebody who guesses a password cannot lock its owner out of a browser in which the owner signed in before.</summary>
public sealed class KnownBrowserTests : IAsyncLifetime
{
    private const string Consumer = "cons_456";
    private const string Wrong = "The e-mail address or the password is wrong";
    private const string Guess = "a wrong password";

    private AegisApp app = null!;

    private (string Email, string Password) Person => app.Person(Consumer);

    public async Task InitializeAsync() => app = await AegisApp.Start();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Wrong_passwords_of_strangers_lock_strangers_but_not_the_owners_browser()
    {
        using var owner = await SignedIn();
        using var stranger = new Browser(app);
        await Guesses(stranger, 5);

        (await SignIn(stranger)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        (await SignIn(owner)).ShouldLeadTo("/settings/api-keys");
        (await SignIn(stranger)).ShouldSay(HttpStatusCode.Forbidden, Wrong);

        app.Clock.Advance(TimeSpan.FromMinutes(15));
        (await SignIn(stranger)).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_thousand_guesses_from_a_thousand_addresses_get_five_tries_in_15_minutes()
    {
        await app.DisposeAsync();
        // a thousand hashes with the real count would take minutes
        app = await AegisApp.StartWith(services => services.PostConfigure<PasswordHasherOptions>(o => o.IterationCount = 1));
        using var owner = await SignedIn();
        using var first = new Browser(app);
        var page = await first.Get("/sign-in");
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            using var stranger = new Browser(app, first.Cookies, IPAddress.Parse($"127.1.{i / 200}.{1 + (i % 200)}"));
            var answer = await stranger.Send(page, "/sign-in", ("Email", Person.Email), ("Password", $"guess number {i}"));
            if (answer.Status == HttpStatusCode.Forbidden) Interlocked.Increment(ref refused);
        });

        refused.Should().Be(1000);
        (await app.Happened("user.sign_in_failed")).Should().HaveCount(5, "the passwords of all others were not checked");
        (await SignIn(owner)).ShouldLeadTo("/settings/api-keys");
        (await SignIn(first)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    [Fact]
    public async Task After_five_wrong_passwords_a_known_browser_counts_as_a_stranger()
    {
        using var owner = await SignedIn();
        await Guesses(owner, 5);
        (await app.Happened("user.sign_in_failed"))
            .Should().OnlyContain(f => f.Details!["lockedUntil"].ValueKind == System.Text.Json.JsonValueKind.Null);
        using var stranger = new Browser(app);
        (await SignIn(stranger)).ShouldLeadTo("/settings/api-keys");

        await Guesses(owner, 5);

        (await SignIn(owner)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        (await SignIn(stranger)).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task Simultaneous_guesses_in_a_known_browser_are_each_counted()
    {
        using var owner = await SignedIn();
        using var stranger = new Browser(app);
        await Guesses(stranger, 5);
        var page = await owner.Get("/settings");

        await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(i => owner.Send(page, "/sign-in", ("Email", Person.Email), ("Password", $"guess number {i}"))));

        (await app.Happened("user.sign_in_failed")).Count.Should().BeLessThanOrEqualTo(10);
        (await SignIn(owner)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    [Fact]
    public async Task The_correct_password_in_a_known_browser_gives_strangers_no_new_tries()
    {
        using var owner = await SignedIn();
        using var stranger = new Browser(app);
        await Guesses(stranger, 4);
        await SignIn(owner);

        await Guesses(stranger, 1);

        (await SignIn(stranger)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    [Fact]
    public async Task A_sign_in_without_the_one_time_code_makes_no_browser_known()
    {
        using var owner = await SignedIn();
        var offered = await owner.Fill("/settings/authenticator");
        var secret = System.Text.RegularExpressions.Regex.Match(offered.Text, "<code>([A-Z2-7]{32})</code>").Groups[1].Value;
        var authenticator = new Sessions.Authenticator(Sessions.Gateway.FromBase32(secret), app.Clock);
        await owner.Send(offered, "/settings/authenticator?handler=Confirm", ("Code", authenticator.Code()));
        using var other = new Browser(app);

        await SignIn(other);
        KnownToken(other).Should().BeNull();

        (await other.Fill("/sign-in/code", ("Code", authenticator.Code(1)))).ShouldLeadTo("/settings/api-keys");
        KnownToken(other).Should().NotBeNull();
    }

    [Fact]
    public async Task The_cookie_token_is_new_at_each_sign_in_stored_as_a_digest_and_bound_to_this_host()
    {
        using var browser = new Browser(app);
        var answer = await SignIn(browser);
        var first = KnownToken(browser)!;
        await SignIn(browser);

        var cookie = answer.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("aegis-known=", StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/").And.Contain(
            $"max-age={90 * 86400}").And.NotContain("domain");
        KnownToken(browser).Should().NotBe(first).And.HaveLength(43);
        await app.Use<AuthDb>(async db =>
        {
            var stored = await db.KnownBrowsers.SingleAsync();
            stored.TokenHash
                .Should().HaveCount(32).And
                .Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(KnownToken(browser)!)));
        });
        (await app.EventBodies()).Should().NotContain(b => b.Contains(KnownToken(browser)!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_is_known_for_90_days_and_a_user_has_at_most_ten()
    {
        var browsers = new List<Browser>();
        for (var i = 0; i < 11; i++) browsers.Add(await SignedIn());
        using var stranger = new Browser(app);
        await Guesses(stranger, 5);

        (await SignIn(browsers[0])).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        (await SignIn(browsers[1])).ShouldLeadTo("/settings/api-keys");
        app.Clock.Advance(KnownBrowser.Lifetime - TimeSpan.FromMinutes(1));
        await Guesses(stranger, 5);
        (await SignIn(browsers[2])).ShouldLeadTo("/settings/api-keys");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        (await SignIn(browsers[3])).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        await app.Run<SweepSessionsJob>();
        (await app.Use<AuthDb, int>(db => db.KnownBrowsers.CountAsync())).Should().Be(1);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task One_browser_can_be_known_for_two_users()
    {
        using var shared = await SignedIn();
        await SignIn(shared, app.Person("prov_123").Password, app.Person("prov_123").Email);
        using var stranger = new Browser(app);
        await Guesses(stranger, 5);

        (await SignIn(shared)).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_new_password_and_disabling_the_user_forget_all_known_browsers()
    {
        using var owner = await SignedIn();
        using var elsewhere = await SignedIn();
        const string wanted = "seven grey herons at noon";

        (await owner.Fill("/settings/password", ("Current", Person.Password), ("Password", wanted), ("Again", wanted))).ShouldLeadTo(
            "/settings?done=password");

        using var stranger = new Browser(app);
        await Guesses(stranger, 5);
        (await SignIn(elsewhere, wanted)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
        (await SignIn(owner, wanted)).ShouldLeadTo("/settings/api-keys");
        (await app.Use<AuthDb, int>(db => db.KnownBrowsers.CountAsync())).Should().Be(1);
        var auth = AuthApp.On(app);
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        var id = await app.Use<AuthDb, string>(db => db.Users.Where(u => u.Email == Person.Email).Select(u => u.Id).SingleAsync());
        (await admin.Patch($"/v1/users/{id}", new { disabled = true })).ShouldBe(HttpStatusCode.OK);
        (await admin.Patch($"/v1/users/{id}", new { disabled = false })).ShouldBe(HttpStatusCode.OK);
        (await SignIn(owner, wanted)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    /// <summary>The count is for all users together, and known browsers count too.</summary>
    [Fact]
    public async Task After_twenty_wrong_passwords_one_address_must_wait_15_minutes()
    {
        await using var strict = await AegisApp.Start(("Auth:MaxFailuresPerAddress", "20"));
        using var owner = new Browser(strict);
        var person = strict.Person(Consumer);
        await owner.SignIn(person);
        await owner.Send(await owner.Get("/settings"), "/sign-out");
        for (var i = 0; i < 20; i++) await owner.SignIn(($"u{i}@example.org", Guess));

        (await owner.SignIn(person)).ShouldSay(HttpStatusCode.TooManyRequests, "Too many requests").Answer.Headers.RetryAfter!.Delta
            .Should()
            .BeCloseTo(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2),
                "the window began with the first attempt, and twenty hashes take their time");
        using var neighbour = new Browser(strict, from: IPAddress.Parse("127.0.0.9"));
        (await neighbour.SignIn(person)).ShouldLeadTo("/settings/api-keys");
        strict.Clock.Advance(TimeSpan.FromMinutes(15));
        (await owner.SignIn(person)).ShouldLeadTo("/settings/api-keys");
        AuthOptions.From(new ConfigurationBuilder().Build()).MaxFailuresPerAddress.Should().Be(20);
    }

    private Task<Shown> SignIn(Browser browser) => SignIn(browser, Person.Password);

    /// <summary>Removes the cookie of a login first, because a signed-in person is not shown the form.</summary>
    private async Task<Shown> SignIn(Browser browser, string password, string? email = null)
    {
        foreach (Cookie cookie in browser.Cookies.GetCookies(app.BaseAddress))
        {
            if (cookie.Name == "aegis") cookie.Expired = true;
        }

        return await browser.SignIn((email ?? Person.Email, password));
    }

    private async Task<Browser> SignedIn()
    {
        var browser = new Browser(app);
        (await SignIn(browser)).ShouldLeadTo("/settings/api-keys");
        return browser;
    }

    private async Task Guesses(Browser browser, int count)
    {
        for (var i = 0; i < count; i++) (await SignIn(browser, Guess)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    private string? KnownToken(Browser browser) => browser.Cookies.GetCookies(app.BaseAddress)["aegis-known"]?.Value;
}

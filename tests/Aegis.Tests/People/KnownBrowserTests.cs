using Aegis.Auth;
using Aegis.Auth.Access.Catalogue;
using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;
using Aegis.Auth.People.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.People;

/// <summary>Who guesses a password keeps its owner out of no browser that the owner signed in with.</summary>
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
    public async Task Wrong_passwords_of_strangers_lock_strangers_and_not_the_browser_of_the_owner()
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
    public async Task A_thousand_guesses_from_a_thousand_addresses_get_five_tries_in_a_quarter_of_an_hour()
    {
        await app.DisposeAsync();
        // a thousand slow ones take minutes
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
        (await app.Happened("user.sign_in_failed")).Should().HaveCount(5, "all others were not looked at");
        (await SignIn(owner)).ShouldLeadTo("/settings/api-keys");
        (await SignIn(first)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    [Fact]
    public async Task Five_wrong_passwords_in_a_known_browser_make_it_a_strangers()
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
    public async Task Guesses_sent_at_once_in_a_known_browser_count_one_by_one()
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
    public async Task The_right_password_in_a_known_browser_gives_strangers_no_new_tries()
    {
        using var owner = await SignedIn();
        using var stranger = new Browser(app);
        await Guesses(stranger, 4);
        await SignIn(owner);

        await Guesses(stranger, 1);

        (await SignIn(stranger)).ShouldSay(HttpStatusCode.Forbidden, Wrong);
    }

    [Fact]
    public async Task Half_a_sign_in_makes_no_browser_known()
    {
        using var owner = await SignedIn();
        var offered = await owner.Fill("/settings/authenticator");
        var secret = System.Text.RegularExpressions.Regex.Match(offered.Text, "<code>([A-Z2-7]{32})</code>").Groups[1].Value;
        var authenticator = new Sessions.Authenticator(Sessions.Gateway.FromBase32(secret), app.Clock);
        await owner.Send(offered, "/settings/authenticator?handler=Confirm", ("Code", authenticator.Code()));
        using var other = new Browser(app);

        await SignIn(other);
        Word(other).Should().BeNull();

        (await other.Fill("/sign-in/code", ("Code", authenticator.Code(1)))).ShouldLeadTo("/settings/api-keys");
        Word(other).Should().NotBeNull();
    }

    [Fact]
    public async Task The_word_is_new_at_each_sign_in_stored_as_a_digest_and_sent_to_this_host_alone()
    {
        using var browser = new Browser(app);
        var answer = await SignIn(browser);
        var first = Word(browser)!;
        await SignIn(browser);

        var cookie = answer.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("aegis-known=", StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/").And.Contain(
            $"max-age={90 * 86400}").And.NotContain("domain");
        Word(browser).Should().NotBe(first).And.HaveLength(43);
        await app.Use<AuthDb>(async db =>
        {
            var stored = await db.KnownBrowsers.SingleAsync();
            stored.TokenHash
                .Should().HaveCount(32).And
                .Equal(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Word(browser)!)));
        });
        (await app.EventBodies()).Should().NotContain(b => b.Contains(Word(browser)!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_browser_is_known_for_ninety_days_and_a_user_has_ten()
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
    public async Task Two_users_of_one_browser_are_both_known_there()
    {
        using var shared = await SignedIn();
        await SignIn(shared, app.Person("prov_123").Password, app.Person("prov_123").Email);
        using var stranger = new Browser(app);
        await Guesses(stranger, 5);

        (await SignIn(shared)).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task Another_password_or_being_disabled_forgets_all_browsers()
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

    /// <summary>Address over all users: known browsers count too.</summary>
    [Fact]
    public async Task Twenty_wrong_passwords_from_one_address_are_the_last_for_a_quarter_of_an_hour()
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

    /// <summary>Also where somebody is signed in already, to whom the page with the form is not shown.</summary>
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

    private string? Word(Browser browser) => browser.Cookies.GetCookies(app.BaseAddress)["aegis-known"]?.Value;
}

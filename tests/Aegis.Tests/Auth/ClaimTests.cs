using System.Text.RegularExpressions;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Auth;

/// <summary>The page of a claim address, and the key that its button shows.</summary>
public sealed partial class ClaimTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private ApiClient Browser => auth.Anonymous.With("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    private ApiClient Program => auth.Anonymous.With("Accept", "application/json");

    [Fact]
    public async Task Opening_the_claim_page_changes_nothing_and_its_button_shows_the_key()
    {
        var approved = await auth.Approved();
        var path = Applying.Path(approved["claimUrl"]!);

        for (var look = 0; look < 3; look++)
            (await Browser.Get(path)).ShouldBe(HttpStatusCode.OK).Text
                .Should().Contain("<form method=\"post\" class=\"stack\">").And.NotContain("aegis_");
        var shown = (await Browser.Post(path)).ShouldBe(HttpStatusCode.OK);

        var key = KeyShape().Match(shown.Text).Value;
        var me = (await auth.WithToken(key).Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);
        me.Id.Should().Be(approved["organizationId"]);
        (await auth.WithToken(key)
            .Post("/v1/auth/keys", new { name = "narrow", preset = "study-consumer", expiry = "90d" })).ShouldBe(HttpStatusCode.Created);
        (await auth.WithToken(key).Get("/v1/applications")).ShouldBe(HttpStatusCode.OK)["items"]
            .Should().Be("[]", "its admin is not an admin of the platform");
    }

    [Fact]
    public async Task The_claim_page_loads_only_its_own_files_is_not_cached_and_has_no_inline_script()
    {
        var path = Applying.Path((await auth.Approved())["claimUrl"]!);

        foreach (var page in new[] { await Browser.Get(path), await Browser.Post(path), await Browser.Post(path) })
        {
            page.ContentHeaders.ContentType!.ToString().Should().Be("text/html; charset=utf-8");
            page.Headers.CacheControl!.NoStore.Should().BeTrue();
            page.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            page.Headers.GetValues("X-Frame-Options").Should().Equal("DENY");
            var policy = page.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().StartWith("default-src 'none'").And.Contain("form-action 'self'").And.Contain(
                "frame-ancestors 'none'").And.NotContain("unsafe");
            Loaded().Matches(page.Text).Select(m => m.Groups[1].Value)
                .Should().HaveCount(2).And.OnlyContain(address => address.StartsWith("/assets/"));
            Inline().Count(page.Text).Should().Be(0);
            page.Text.Should().NotContain("url(").And.NotContain("style=");
            page.Text.Should().StartWith("<!doctype html>").And.Contain("<html lang=\"en\">").And.Contain("<main>").And.Contain("<h1>");
        }
    }

    [Fact]
    public async Task A_second_click_says_that_the_key_was_already_shown()
    {
        var path = Applying.Path((await auth.Approved())["claimUrl"]!);
        var key = KeyShape().Match((await Browser.Post(path)).Text).Value;

        foreach (var again in new[] { await Browser.Post(path), await Browser.Get(path) })
            again.ShouldBe(HttpStatusCode.Gone).Text.Should().Contain("This key has already been shown").And.NotContain(key);
        (await Program.Post(path)).ShouldBeRefused(HttpStatusCode.Gone, "claim_used")["usedAt"].Should().NotBeNull();
    }

    [Fact]
    public async Task Of_many_concurrent_clicks_on_two_hosts_one_gets_the_key()
    {
        var other = await auth.App.StartAnotherHost();
        var approved = await auth.Approved();
        var path = Applying.Path(approved["claimUrl"]!);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            (i % 2 == 0 ? auth.App : other).Anonymous.With("Accept", "application/json").Post(path)));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
        foreach (var late in answers.Where(a => a.Status != HttpStatusCode.OK)) late.ShouldBeRefused(HttpStatusCode.Gone, "claim_used");
        (await auth.App.Use<AuthDb, int>(db => db.ApiKeys.CountAsync(k => k.OrganizationId == approved["organizationId"]))).Should().Be(1);
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_address_works_for_72_hours_and_a_new_one_replaces_it()
    {
        await using var own = await OwnAuth.Start();
        var approved = await own.Auth.Approved();
        var program = own.Auth.Anonymous.With("Accept", "application/json");
        var path = Applying.Path(approved["claimUrl"]!);
        var admin = () => own.Auth.App.As("admin");

        own.Auth.Clock.Advance(TimeSpan.FromHours(72) - TimeSpan.FromMinutes(1));
        (await program.Get(path)).ShouldBe(HttpStatusCode.OK)["organizationId"].Should().Be(approved["organizationId"]);
        own.Auth.Clock.Advance(TimeSpan.FromMinutes(1));
        (await program.Post(path)).ShouldBeRefused(HttpStatusCode.Gone, "claim_expired");
        (await own.Auth.Anonymous.Post(path)).ShouldBe(HttpStatusCode.Gone).Text.Should().Contain("This address has expired");

        var renewed = (await admin().Post($"/v1/applications/{approved.Id}/claim")).ShouldBe(HttpStatusCode.OK);
        (await program.Post(path)).ShouldBeRefused(HttpStatusCode.NotFound, "claim_unknown");
        (await program.Post(Applying.Path(renewed["claimUrl"]!))).ShouldBe(HttpStatusCode.OK)["key"].Should().StartWith("aegis_test_");
        (await admin().Post($"/v1/applications/{approved.Id}/claim")).ShouldBeRefused(HttpStatusCode.Conflict, "claim_redeemed");
    }

    [Fact]
    public void A_claim_address_expires_exactly_at_its_time()
    {
        var now = auth.Clock.GetUtcNow();
        var claim = Aegis.Auth.People.Onboarding.Claim.Issue("clm_1", "app_1", ("cons_1", "usr_1"), new byte[32], now);
        var last = () => claim.RequireOpen(now.AddHours(72).AddTicks(-1));
        var end = () => claim.RequireOpen(now.AddHours(72));

        last.Should().NotThrow();
        end.Should().Throw<Kernel.Web.Refusals.RefusedException>().Which.Code.Should().Be("claim_expired");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%3Cscript%3E")]
    public async Task A_malformed_or_unknown_claim_address_is_not_found(string token)
    {
        var page = await Browser.Get($"/claim/{token}");

        page.ShouldBe(HttpStatusCode.NotFound).Text.Should().Contain("This address does not exist");
        (await Program.Post($"/claim/{token}")).ShouldBeRefused(HttpStatusCode.NotFound, "claim_unknown");
    }

    [Fact]
    public async Task Neither_claim_address_nor_key_is_stored_or_logged()
    {
        var approved = await auth.Approved();
        var token = Applying.Path(approved["claimUrl"]!)["/claim/".Length..];
        await Browser.Get($"/claim/{token}");
        var secret = KeyShape().Match((await Browser.Post($"/claim/{token}")).Text).Value[23..];

        var trail = (await auth.App.As("admin").Get("/v1/audit?limit=200")).ShouldBe(HttpStatusCode.OK).Text;
        trail.Should().Contain("claim.redeemed").And.NotContain(token).And.NotContain(secret);
        auth.App.Logs.Lines
            .Should().NotContain(line => line.Contains(token, StringComparison.Ordinal) || line.Contains(secret, StringComparison.Ordinal));
    }

    [GeneratedRegex("aegis_(test_)?[0-9A-Za-z]{50}")]
    private static partial Regex KeyShape();

    [GeneratedRegex("<(style|script)>")]
    private static partial Regex Inline();

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Loaded();
}

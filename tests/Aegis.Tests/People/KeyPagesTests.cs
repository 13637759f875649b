using System.Text.RegularExpressions;

namespace Aegis.Tests.People;

public sealed partial class KeyPagesTests : IAsyncLifetime
{
    private AegisApp app = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        app = await AegisApp.Start();
        browser = new Browser(app);
        await browser.SignIn(app.Person("cons_456"));
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_preset_checks_its_scopes_and_the_key_gets_the_checked_ones()
    {
        var page = await browser.Get("/settings/api-keys/new");
        var preset = await browser.Send(page, "/settings/api-keys/new?handler=Preset", ("Name", "ci-pipeline"), ("Expiry", "90d"),
            ("Preset", "developer"), ("Scopes", "org:read"));
        var scopes = Checked().Matches(preset.Text).Select(m => m.Groups[1].Value).ToList();

        var shown = await browser.Send(preset, "/settings/api-keys/new",
                [("Name", "ci-pipeline"), ("Expiry", "90d"), ("Preset", "developer"),
                    .. scopes.Where(s => s != "key:create").Select(s => ("Scopes", s))]);

        scopes.Should().HaveCount(42).And.Contain("workflow:deploy").And.NotContain("org:read");
        preset.Text.Should().Contain("value=\"ci-pipeline\"");
        var key = Key().Match(shown.Text).Value;
        var session = (await new ApiClient(app.NewHttp(), key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        session.Json.GetProperty("scopes").EnumerateArray().Should().HaveCount(41);
        session.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .Should().BeCloseTo(app.Clock.GetUtcNow().AddDays(90), TimeSpan.FromMinutes(1));
        (await browser.Get("/settings/api-keys")).ShouldSay(HttpStatusCode.OK, "ci-pipeline").Text.Should().NotContain(key);
        shown.Answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        app.Logs.Lines.Should().NotContain(l => l.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "30d", "study:read", "Enter a name for the key.")]
    [InlineData("k", "30d", null, "Check at least one scope.")]
    [InlineData("k", "5y", "study:read", "expiry must be")]
    [InlineData("k", "never", "study:read", "Only aegis:admin can create keys that never expire")]
    [InlineData("k", "30d", "stack:up", "You do not have stack:up")]
    [InlineData("k", "30d", "no:scope", "is not a scope")]
    public async Task A_wrong_field_gets_a_message(string name, string expiry, string? scope, string sentence)
    {
        var answer = await browser.Fill(
            "/settings/api-keys/new",
            [("Name", name), ("Expiry", expiry), ("Preset", "custom"),
                .. scope is null ? Array.Empty<(string, string)>() : [("Scopes", scope)]]);

        answer.ShouldSay(HttpStatusCode.OK, sentence).Text.Should().NotContain("class=\"key\"");
        answer.Text.Should().Contain("class=\"errors\"");
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_makes_one_key()
    {
        await using var other = await app.StartAnotherHost();
        using var elsewhere = new Browser(other, browser.Cookies);
        var page = await browser.Get("/settings/api-keys/new");
        (string, string)[] fields = [("Name", "double-click"), ("Expiry", "30d"), ("Preset", "custom"), ("Scopes", "study:read")];
        Task<Shown> Click(Browser from) => from.Send(page, "/settings/api-keys/new", fields);

        var clicks = await Task.WhenAll(Click(browser), Click(browser), Click(elsewhere), Click(elsewhere));
        var late = await Click(browser);

        var first = clicks.Should().ContainSingle(c => c.Status == HttpStatusCode.OK).Which;
        var id = (await new ApiClient(app.NewHttp(), Key().Match(first.Text).Value).Get("/v1/auth/session")).ShouldBe(
            HttpStatusCode.OK)["keyId"]!;
        foreach (var again in clicks.Where(c => c != first).Append(late))
            again.ShouldSay(HttpStatusCode.Conflict, "has already been made").Text.Should().Contain(id).And.NotMatchRegex(Key());
        (await app.NamesOf("double-click")).Should().Equal("key.created");
        (await app.Use<AuthDb, int>(db => db.ApiKeys.CountAsync(k => k.Name == "double-click"))).Should().Be(1);
        // a form that was loaded again
        (await browser.Fill("/settings/api-keys/new", fields)).ShouldSay(HttpStatusCode.OK, "Keep this key now");
    }

    [Fact]
    public async Task A_double_click_rotates_a_key_once_and_names_the_new_key()
    {
        var made = await browser.Fill(
            "/settings/api-keys/new", ("Name", "turned"), ("Expiry", "30d"), ("Preset", "custom"), ("Scopes", "study:read"));
        var session = await new ApiClient(app.NewHttp(), Key().Match(made.Text).Value).Get("/v1/auth/session");
        var path = $"/settings/api-keys/{session["keyId"]}/rotate";
        var page = await browser.Get(path);

        var clicks = await Task.WhenAll(browser.Send(page, path, ("Overlap", "1h")), browser.Send(page, path, ("Overlap", "1h")));

        var first = clicks.Should().ContainSingle(c => c.Status == HttpStatusCode.OK).Which;
        var id = (await new ApiClient(app.NewHttp(), Key().Match(first.Text).Value).Get("/v1/auth/session")).ShouldBe(
            HttpStatusCode.OK)["keyId"]!;
        clicks.Single(c => c != first).ShouldSay(HttpStatusCode.Conflict, "has already been rotated").Text
            .Should().Contain($"/settings/api-keys/{id}/rotate").And.NotMatchRegex(Key());
        (await browser.Fill($"/settings/api-keys/{id}/rotate", ("Overlap", "0"))).ShouldSay(HttpStatusCode.OK, "Keep this key now");
        (await app.Use<AuthDb, int>(db => db.ApiKeys.CountAsync(k => k.Name == "turned"))).Should().Be(3);
    }

    [Fact]
    public async Task A_refused_form_can_be_corrected_and_sent_again()
    {
        var page = await browser.Get("/settings/api-keys/new");

        var wrong = await browser.Send(
            page, "/settings/api-keys/new", ("Name", ""), ("Expiry", "30d"), ("Preset", "custom"), ("Scopes", "study:read"));
        var refused = await browser.Send(
            wrong, "/settings/api-keys/new", ("Name", "k"), ("Expiry", "never"), ("Preset", "custom"), ("Scopes", "study:read"));

        (await browser.Send(refused, "/settings/api-keys/new", ("Name", "k"), ("Expiry", "30d"), ("Preset", "custom"),
            ("Scopes", "study:read"))).ShouldSay(HttpStatusCode.OK, "Keep this key now");
    }

    [Fact]
    public async Task A_form_without_its_token_makes_no_key()
    {
        var settings = await browser.Get("/settings");

        var refused = await browser.Send(
            settings, "/settings/api-keys/new", ("Name", "k"), ("Expiry", "30d"), ("Preset", "custom"), ("Scopes", "study:read"));

        refused.ShouldSay(HttpStatusCode.BadRequest, "Load the page again").Text.Should().Contain("form_expired");
    }

    [Fact]
    public async Task Only_admins_are_offered_keys_that_never_expire()
    {
        using var admin = new Browser(app);
        await admin.SignIn(app.Person("org_platform"));

        (await browser.Get("/settings/api-keys/new")).Text.Should().NotContain("No expiry");
        (await admin.Get("/settings/api-keys/new")).ShouldSay(HttpStatusCode.OK, "No expiry");
    }

    [Fact]
    public async Task A_key_is_rotated_and_after_a_confirmation_revoked()
    {
        var id = (await app.As("operator").Get("/v1/auth/session"))["keyId"]!;
        var rotated = await browser.Fill($"/settings/api-keys/{id}/rotate", ("Overlap", "24h"));
        var key = Key().Match(rotated.Text).Value;
        (await app.As("operator").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await new ApiClient(app.NewHttp(), key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        var asked = (await browser.Get($"/settings/api-keys/{id}/revoke")).ShouldSay(HttpStatusCode.OK, "Revocation is permanent");
        (await app.As("operator").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await browser.Send(asked, $"/settings/api-keys/{id}/revoke")).ShouldLeadTo("/settings/api-keys?done=revoked");

        (await app.As("operator").Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_revoked");
    }

    [Fact]
    public async Task A_key_of_another_organization_is_not_found()
    {
        var id = (await app.As("provider").Get("/v1/auth/session"))["keyId"]!;
        var own = await browser.Get("/settings/api-keys/new");

        (await browser.Get($"/settings/api-keys/{id}/revoke")).ShouldSay(HttpStatusCode.NotFound, "There is no such key");
        (await browser.Send(own, $"/settings/api-keys/{id}/revoke")).ShouldSay(HttpStatusCode.NotFound, "There is no such key");
        (await browser.Get($"/settings/api-keys/{id}/rotate")).ShouldSay(HttpStatusCode.NotFound, "There is no such key");
        (await app.As("provider").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_page_is_uncached_and_loads_only_our_own_files()
    {
        foreach (var path in new[] { "/settings", "/settings/api-keys", "/settings/api-keys/new", "/settings/password",
            "/settings/authenticator", "/settings/passkeys", "/settings/sessions", "/sign-out", "/realms/aegis-system/device",
            "/invitation/none" })
        {
            var page = await browser.Get(path);

            page.Answer.Headers.CacheControl!.NoStore.Should().BeTrue(path);
            var policy = page.Answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Contain(
                "form-action 'self'").And.NotContain("unsafe");
            page.Text
                .Should().NotContain("<style").And.NotContain("style=").And.NotContain("onclick").And.NotContain("http://").And
                .NotContain("https://");
            foreach (Match asset in Asset().Matches(page.Text))
            {
                var file = await browser.Get(asset.Groups[1].Value);
                file.Status.Should().Be(HttpStatusCode.OK);
                file.Answer.Headers.CacheControl!.ToString().Should().Contain("immutable");
            }
        }
    }

    [Fact]
    public async Task Calls_of_pages_are_in_the_audit_trail()
    {
        await browser.Get("/settings/api-keys");

        var entries = (await app.As("operator").Get("/v1/audit?limit=50")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
            .EnumerateArray().ToList();

        entries.Should().Contain(e => e.GetProperty("action").GetString() == "GET /settings/api-keys"
            && e.GetProperty("actor").GetProperty("name").GetString() == "Reading group operator");
    }

    [Fact]
    public async Task A_device_code_is_approved_denied_or_refused_with_a_message()
    {
        var auth = AuthApp.On(app);
        var (approved, denied, late) = (await auth.BeginDevice(), await auth.BeginDevice("study:read"), await auth.BeginDevice());

        using var stranger = new Browser(app);
        (await stranger.Get($"/realms/aegis-system/device?user_code={approved.User}"))
            .ShouldLeadTo($"/sign-in?returnUrl=%2Frealms%2Faegis-system%2Fdevice%3Fuser_code%3D{approved.User}");
        var asked = (await browser.Get($"/realms/aegis-system/device?user_code={approved.User}")).ShouldSay(
            HttpStatusCode.OK, "Let the Aegis command line act for you?");
        (await auth.Poll(approved))["error"].Should().Be("authorization_pending");
        (await browser.Send(asked, "/realms/aegis-system/device?handler=Approve", ("UserCode", approved.User))).ShouldSay(
            HttpStatusCode.OK, "Approved. You can close this page");
        (await browser.Send(asked, "/realms/aegis-system/device?handler=Approve", ("UserCode", approved.User))).ShouldSay(
            HttpStatusCode.Conflict, "Enter the code of your program");
        asked =
            (await browser.Get($"/realms/aegis-system/device?user_code={denied.User}")).ShouldSay(HttpStatusCode.OK, "this scope allows");
        (await browser.Send(asked, "/realms/aegis-system/device?handler=Deny", ("UserCode", denied.User))).ShouldSay(
            HttpStatusCode.OK, "gets no access");
        app.Clock.Advance(TimeSpan.FromSeconds(6));
        (await auth.Poll(approved)).ShouldBe(HttpStatusCode.OK)["access_token"].Should().NotBeNull();
        (await auth.Poll(denied))["error"].Should().Be("access_denied");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        (await browser.Get($"/realms/aegis-system/device?user_code={late.User}")).ShouldSay(
            HttpStatusCode.Gone, "Enter the code of your program");
        (await browser.Get("/realms/aegis-system/device?user_code=nonsense")).ShouldSay(
            HttpStatusCode.NotFound, "This code does not exist");
    }

    [GeneratedRegex("name=\"Scopes\" value=\"([^\"]+)\" checked")]
    private static partial Regex Checked();

    [GeneratedRegex("aegis_test_[0-9A-Za-z]{50}")]
    private static partial Regex Key();

    [GeneratedRegex("(?:src|href)=\"(/assets/[^\"]+)\"")]
    private static partial Regex Asset();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace Aegis.Tests.Jobs;

/// <summary>Who can see the job dashboard, and that it is read-only unless the operator allows more.</summary>
[Collection(JobsApp.Shared)]
public sealed partial class DashboardTests(JobsApp host)
{
    private const string Trigger = "/hangfire/recurring/trigger";

    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/recurring")]
    [InlineData("/hangfire/jobs/failed")]
    public async Task A_browser_without_a_sign_in_is_redirected_to_it(string path)
    {
        using var browser = new Browser(host.App);

        (await browser.Get(path)).ShouldLeadTo($"/sign-in?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Fact]
    public async Task A_platform_admin_sees_the_jobs_in_a_browser_and_with_a_token()
    {
        using var browser = new Browser(host.App);
        await browser.SignIn(host.App.Person("org_platform"));

        var page = await browser.Get("/hangfire/recurring");

        page.Status.Should().Be(HttpStatusCode.OK);
        page.Text.Should().Contain("vault.rotate-due");
        page.Answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("script-src 'self'").And.NotContain("unsafe");
        (await host.App.As("admin").Get("/hangfire/recurring")).ShouldBe(HttpStatusCode.OK).Text.Should().Contain("vault.rotate-due");
    }

    [Fact]
    public async Task People_of_other_organizations_are_refused_with_a_page()
    {
        using var browser = new Browser(host.App);
        await browser.SignIn(host.App.Person("prov_123"));

        (await browser.Get("/hangfire")).ShouldSay(HttpStatusCode.Forbidden, "You may not do this");
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("consumer")]
    [InlineData("operator")]
    public async Task Keys_of_other_roles_are_refused(string role)
    {
        (await host.App.As(role).Get("/hangfire")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("UserId = (SELECT MIN(Id) FROM {0} WHERE OrganizationId = 'cons_456')")] // an operator of the platform
    [InlineData("OrganizationId = 'cons_456'")] // an admin of another organization
    public async Task The_scope_alone_is_not_enough(string change)
    {
        var key = (await host.App.As("admin")
            .Post("/v1/auth/keys", new { name = "dashboard", expiry = "7d", scopes = new[] { "stack:read" } }))
                .ShouldBe(HttpStatusCode.Created);
        var set = string.Format(CultureInfo.InvariantCulture, change, TestDatabase.Table("auth", "users"));
        await host.App.Database.Run($"UPDATE {TestDatabase.Table("auth", "api_keys")} SET {set} WHERE Id = '{key.Id}'");

        (await host.App.Anonymous.With("Authorization", $"Bearer {key["key"]}")
            .Get("/hangfire/recurring")).ShouldBeRefused(HttpStatusCode.Forbidden, "platform_only");
    }

    [Fact]
    public async Task A_wrong_key_and_Basic_authentication_are_refused()
    {
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{host.App.Key("admin")}"));

        (await host.App.Anonymous.With("Authorization", "Bearer aegis_wrong").Get("/hangfire")).Status
            .Should().Be(HttpStatusCode.Unauthorized);
        (await host.App.Anonymous.With("Authorization", $"Basic {basic}")
            .Get("/hangfire")).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData(Trigger)]
    [InlineData("/hangfire/recurring/remove")]
    [InlineData("/hangfire/jobs/succeeded/requeue")]
    public async Task Jobs_cannot_be_changed_unless_the_operator_allows_it(string path)
    {
        using var browser = new Browser(host.App);
        await browser.SignIn(host.App.Person("org_platform"));

        var page = await browser.Get("/hangfire/recurring");

        page.Text.Should().NotContain("Trigger now");
        (await browser.Send(page, path, ("jobs[]", SlowJob.Name))).Status.Should().Be(HttpStatusCode.Forbidden);
        (await host.App.As("admin").PostContent(path, new FormUrlEncodedContent([new("jobs[]", SlowJob.Name)]))).ShouldBeRefused(
            HttpStatusCode.Forbidden, "dashboard_read_only");
    }

    [Fact]
    public async Task A_change_needs_a_recent_sign_in_and_the_form_and_is_audited()
    {
        var app = await AegisApp.Start(("Jobs:Runner", "Hangfire"), ("Jobs:DashboardWrites", "true"));
        try
        {
            using var browser = new Browser(app);
            await browser.SignIn(app.Person("org_platform"));
            var page = await browser.Get("/hangfire/recurring");
            page.Text.Should().Contain("Trigger now");
            var token = FormToken().Match(page.Text).Groups[1].Value;

            (await browser.Send(page, Trigger, ("jobs[]", "vault.warn"))).Status
                .Should().Be(HttpStatusCode.BadRequest, "the form's token is missing");
            (await Events(app)).Should().BeEmpty();
            (await app.As("admin").PostContent(Trigger, new FormUrlEncodedContent([new("jobs[]", "vault.warn")]))).ShouldBeRefused(
                HttpStatusCode.Forbidden, "recent_sign_in_required");
            (await browser.Send(page, Trigger, ("jobs[]", "vault.warn"), ("form", token))).Status.Should().Be(HttpStatusCode.NoContent);

            (await Events(app)).Should().ContainSingle().Which.Should().Contain("recurring/trigger").And.Contain("vault.warn");

            app.Clock.Advance(TimeSpan.FromHours(1));
            (await browser.Get("/hangfire/recurring")).Text.Should().NotContain("Trigger now");
            (await browser.Send(page, Trigger, ("jobs[]", "vault.warn"), ("form", token))).Status.Should().Be(HttpStatusCode.Forbidden);
            (await Events(app)).Should().ContainSingle();
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_risky_session_can_only_view_the_jobs()
    {
        var app = await AegisApp.Start(("Jobs:Runner", "Hangfire"), ("Jobs:DashboardWrites", "true"));
        AegisApp? other = null;
        try
        {
            using var browser = new Browser(app);
            await browser.SignIn(app.Person("org_platform"));
            await app.Database.Run($"UPDATE {TestDatabase.Table("auth", "sessions")} SET StepUpRequired = 1");
            other = await app.StartAnotherHost(); // has nothing of the session in memory

            using var again = new Browser(other, browser.Cookies);
            var page = await again.Get("/hangfire/recurring");

            page.Status.Should().Be(HttpStatusCode.OK);
            page.Text.Should().NotContain("Trigger now");
            (await again.Send(page, Trigger, ("jobs[]", "vault.warn"))).Status.Should().Be(HttpStatusCode.Unauthorized);
            (await Events(app)).Should().BeEmpty();
        }
        finally
        {
            if (other is not null) await other.DisposeAsync();
            await app.DisposeAsync();
        }
    }

    private static async Task<List<string>> Events(AegisApp app) =>
        [.. (await app.EventBodies()).Where(b => b.Contains("jobs.changed", StringComparison.Ordinal))];

    [GeneratedRegex("<meta name=\"csrf-token\" content=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}

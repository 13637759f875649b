using System.Globalization;
using System.Net;
using System.Text;
using Aegis.Tests.App;

namespace Aegis.Hangfire.Tests;

/// <summary>Who sees the dashboard, and that nobody changes anything there.</summary>
[Collection(HangfireApp.Shared)]
public sealed class DashboardTests(HangfireApp hangfire)
{
    [Theory]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/recurring")]
    [InlineData("/hangfire/stats")]
    public async Task Nobody_is_let_in_without_a_key_and_a_browser_is_asked_for_one(string path)
    {
        var answer = (await hangfire.App.Anonymous.Get(path)).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");

        answer.Headers.WwwAuthenticate.Select(c => c.Scheme).Should().Equal("Bearer", "Basic");
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("consumer")]
    [InlineData("operator")]
    public async Task Other_organizations_are_refused(string role)
    {
        (await hangfire.App.As(role).Get("/hangfire")).Status.Should().Be(HttpStatusCode.Forbidden);
        (await Browser(hangfire.App.Key(role)).Get("/hangfire/recurring")).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("UserId = (SELECT MIN(Id) FROM {0} WHERE OrganizationId = 'cons_456')")] // an operator of the platform
    [InlineData("OrganizationId = 'cons_456'")] // an admin of another organization
    public async Task The_scope_is_not_enough(string change)
    {
        var key = (await hangfire.App.As("admin").Post("/v1/auth/keys", new { name = "dashboard", expiry = "7d", scopes = new[] { "stack:read" } })).ShouldBe(HttpStatusCode.Created);
        var set = string.Format(CultureInfo.InvariantCulture, change, TestDatabase.Table("auth", "users"));
        await hangfire.App.Database.Run($"UPDATE {TestDatabase.Table("auth", "api_keys")} SET {set} WHERE Id = '{key.Id}'");

        (await Browser(key["key"]!).Get("/hangfire/recurring")).ShouldBeRefused(HttpStatusCode.Forbidden, "platform_only");
    }

    [Fact]
    public async Task An_admin_of_the_platform_sees_the_jobs_with_a_bearer_and_in_a_browser()
    {
        (await hangfire.App.As("admin").Get("/hangfire/recurring")).ShouldBe(HttpStatusCode.OK).Text.Should().Contain("vault.rotate-due");
        (await Browser(hangfire.App.Key("admin")).Get("/hangfire/recurring")).ShouldBe(HttpStatusCode.OK).Text.Should().Contain("vault.rotate-due");
    }

    [Fact]
    public async Task A_browser_may_sign_in_with_a_token_that_ends_after_minutes()
    {
        var exchange = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/token") { Headers = { { "X-Api-Key", hangfire.App.Key("admin") } } };
        var token = (await hangfire.App.Anonymous.Send(exchange)).ShouldBe(HttpStatusCode.OK)["access_token"]!;

        (await Browser(token).Get("/hangfire")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_password_asks_again()
    {
        var answer = await Browser("aegis_wrong").Get("/hangfire");

        answer.Status.Should().Be(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Select(c => c.Scheme).Should().Contain("Basic");
    }

    [Fact]
    public async Task Basic_opens_nothing_else()
    {
        (await Browser(hangfire.App.Key("admin")).Get("/v1/auth/signing-keys")).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/hangfire/recurring/trigger")]
    [InlineData("/hangfire/recurring/remove")]
    [InlineData("/hangfire/jobs/succeeded/requeue")]
    public async Task Not_even_an_admin_changes_anything(string path)
    {
        var form = new FormUrlEncodedContent([new("jobs[]", "vault.rotate-due")]);

        (await hangfire.App.As("admin").PostContent(path, form)).Status.Should().Be(HttpStatusCode.Unauthorized);

        (await hangfire.App.As("admin").Get("/hangfire/recurring")).Text.Should().Contain("vault.rotate-due").And.NotContain("Trigger now");
    }

    private ApiClient Browser(string password) =>
        hangfire.App.Anonymous.With("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}"))}");
}

using System.Text.RegularExpressions;

namespace Aegis.Tests.Host;

/// <summary>The log of a host in Development.</summary>
public sealed class DevelopmentLogTests
{
    [Fact]
    public async Task Each_call_and_event_is_one_log_line_without_patient_data()
    {
        var app = await AegisApp.Start();
        var asked = (await app.As("consumer").Post("/v1/requests", new
        {
            providerId = "prov_123",
            patient = new { lastName = "Canarybird", firstName = "Jane", dob = "1971-03-05" },
            reason = "Second opinion",
        })).ShouldBe(HttpStatusCode.Created);
        (await app.As("consumer").Get($"/v1/requests/{asked.Id}")).ShouldBe(HttpStatusCode.OK);
        (await app.As("consumer").Get("/v1/requests/req_canary")).ShouldBe(HttpStatusCode.NotFound);
        (await app.Anonymous.Get("/canary/of-no-route")).Status.Should().Be(HttpStatusCode.Unauthorized);

        Lines(@"POST /v1/requests 201 in \d+ ms, trace").Should().Be(1);
        Lines(@"GET /v1/requests/\{id\} 200 in \d+ ms, trace").Should().Be(1);
        Lines(@"GET /v1/requests/\{id\} 404 in \d+ ms, trace").Should().Be(1);
        Lines(@"GET \(no route\) 401 in \d+ ms, trace").Should().Be(1);
        await Delivered.Eventually(() => Task.FromResult(Lines($@"request\.created evt_\w+ of {asked.Id}: 1 handlers, done\.") == 1),
            "the event is logged");
        app.Logs.Lines.Should().NotContain(l => l.Contains("canary", StringComparison.OrdinalIgnoreCase));
        await app.DisposeAsync();

        int Lines(string pattern) => app.Logs.Lines.Count(l => Regex.IsMatch(l, pattern));
    }

    [Fact]
    public async Task Pages_with_forms_log_no_warning_about_their_headers()
    {
        var app = await AegisApp.Start();

        var page = await app.Anonymous.Get("/sign-in");

        page.ShouldBe(HttpStatusCode.OK).Headers.CacheControl!.ToString().Should().Be("no-store, no-cache");
        app.Logs.Lines.Should().NotContain(l => l.StartsWith("Warning Microsoft.AspNetCore.", StringComparison.Ordinal));
        await app.DisposeAsync();
    }
}

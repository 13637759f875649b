using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Studies.Transfers;

namespace Aegis.Tests.Host;

/// <summary>HEAD has the headers of GET and no effect.</summary>
public sealed class HeadTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task HEAD_of_a_credential_does_not_count_as_a_use()
    {
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        var credential = new { name = "headed", credential_type = "api_key", provider = "env", value = "v" };
        (await everything.Post("/v1/credentials", credential)).ShouldBe(HttpStatusCode.Created);

        (await Head(everything, "/v1/credentials/headed/value")).ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await Head(everything, "/credentials/headed")).ShouldBe(HttpStatusCode.OK);

        (await everything.Get("/v1/credentials/headed"))["last_used_at"].Should().BeNull();
    }

    [Fact]
    public async Task HEAD_of_events_does_not_wait()
    {
        var quiet = auth.With(await auth.Key("cons_789", ["webhook:read"]));
        var cursor = (await quiet.Get("/v1/events"))["nextCursor"];
        var begun = TimeProvider.System.GetTimestamp();

        (await Head(quiet, $"/v1/events?wait=60&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);

        TimeProvider.System.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task HEAD_of_a_certificate_does_not_end_the_window_and_signs_nothing()
    {
        await using var own = await Sessions.OwnAuth.Start();
        var app = own.Auth.App;
        var transfer = await app.Deliver(window: TimeSpan.FromHours(1));
        var path = $"/v1/transfers/{transfer.Id}/certificate";
        (await Head(app.As("consumer"), path)).ShouldBe(HttpStatusCode.Conflict);
        app.Clock.Advance(TimeSpan.FromHours(2));
        var before = await app.InStudies(db => db.Statements.CountAsync());

        var head = (await Head(app.As("consumer"), path)).ShouldBe(HttpStatusCode.OK);
        head.ContentHeaders.ContentType!.MediaType.Should().Be("application/json");

        (await app.InStudies(db => db.Statements.CountAsync())).Should().Be(before);
        (await app.As("consumer").Get(path)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HEAD_of_an_export_is_audited_as_one_call_and_not_as_an_export()
    {
        var reader = auth.With(await auth.Key(scopes: ["audit:read"]));

        var head = (await Head(reader, "/v1/audit/export")).ShouldBe(HttpStatusCode.OK);
        head.ContentHeaders.ContentType!.MediaType.Should().Be("application/x-ndjson");

        var items = (await reader.Get("/v1/audit?limit=50")).Json.GetProperty("items").EnumerateArray();
        items.Select(i => i.GetProperty("action").GetString())
            .Should().Contain("HEAD /v1/audit/export").And.NotContain("GET /v1/audit/export");
    }

    private static Task<ApiResponse> Head(ApiClient client, string path) => client.Send(new HttpRequestMessage(HttpMethod.Head, path));
}

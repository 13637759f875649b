using Aegis.Kernel.Outbound;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Webhooks.Endpoints;
using Aegis.Webhooks.Persistence;

namespace Aegis.Tests.Webhooks;

/// <summary>The path and query of an endpoint's address may contain a token. They are sealed and never shown.</summary>
public sealed class AddressTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    private const string Token = "t0ken-0f-the-rece1ver";

    [Fact]
    public async Task An_address_is_sealed_and_shown_as_scheme_and_host()
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var url = $"{receiver.Url}/hook/{Token}?key={Token}";

        var made = (await client.Post("/v1/webhooks", new { url, events = new[] { "*" } })).ShouldBe(HttpStatusCode.Created);
        await WebhooksApp.Eventually(async () => (await client.Get($"/v1/webhooks/{made.Id}"))["status"] == "enabled");

        receiver.Pings.Should().ContainSingle().Which.Line.Should().EndWith($"/hook/{Token}?key={Token}");
        foreach (var answer in new[] { made, await client.Get($"/v1/webhooks/{made.Id}"), await Patch(client, made.Id, "{}") })
        {
            answer["url"].Should().Be(Shown(receiver));
            answer.Text.Should().NotContain(Token);
        }

        (await client.Get("/v1/webhooks")).Text.Should().NotContain(Token);
        (await client.Get("/v1/audit?limit=200")).Text.Should().NotContain(Token);
        foreach (var file in Directory.EnumerateFiles(app.App.DataDirectory, "aegis.db*"))
        {
            await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await bytes.CopyToAsync(copy);
            copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Token))
                .Should().Be(-1, "{0} must not contain it", Path.GetFileName(file));
        }
    }

    [Fact]
    public async Task A_patch_without_url_or_with_the_shown_url_keeps_the_address()
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, $"{receiver.Url}/{Token}");
        var shown = (await endpoint.Get())["url"];

        (await Patch(client, endpoint.Id, """{"description":"one"}"""))["status"].Should().Be("enabled");
        (await Patch(client, endpoint.Id, $$"""{"url":"{{shown}}","description":"two"}"""))["status"].Should().Be("enabled");
        (await Patch(client, endpoint.Id, $$"""{"url":"{{receiver.Url}}/{{Token}}"}"""))["status"]
            .Should().Be("enabled", "it is the same address");
        (await Patch(client, endpoint.Id, """{"url":"https://other.example/…"}""")).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await client.Post("/v1/webhooks", new { url = shown, events = new[] { "*" } })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
        (await client.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted);

        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        receiver.Events[0].Line.Should().EndWith($"/{Token}");
        receiver.Pings.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("{0}x")]
    [InlineData("{0}/x?token=y")]
    [InlineData("{0}?token=y")]
    [InlineData("{0}/")]
    [InlineData("https://other.example/…/x")]
    [InlineData("https://other.example/a/…")]
    [InlineData("https://other.example/?a=/…")]
    [InlineData("https://other.example/%E2%80%A6/x")]
    [InlineData("https://other.example/%e2%80%a6")]
    public async Task An_address_derived_from_the_shown_one_is_refused(string shape)
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, $"{receiver.Url}/{Token}");
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, (await endpoint.Get())["url"]);

        foreach (var refused in new[]
        {
            await client.Patch($"/v1/webhooks/{endpoint.Id}", new { url }),
            await client.Post("/v1/webhooks", new { url, events = new[] { "*" } }),
        })
        {
            var errors = refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed").Json.GetProperty("errors");
            errors.GetProperty("url")[0].GetString().Should().Contain("full address");
        }

        (await client.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
    }

    [Fact]
    public async Task An_address_stored_in_plain_text_works_and_is_sealed_by_the_job()
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var url = $"{receiver.Url}/stored-in-plain-text"; // another token than above, because the database file keeps it
        var endpoint = await WebhooksApp.Register(client, url);
        await app.App.Use<WebhooksDb>(db => db.Endpoints.Where(e => e.Id == endpoint.Id)
            .ExecuteUpdateAsync(e => e.SetProperty(x => x.SealedUrl, (byte[]?)null).SetProperty(x => x.Url, url)));
        var before = (await endpoint.Get()).Headers.ETag;

        (await endpoint.Get())["url"].Should().Be(Shown(receiver));
        await app.App.Run<SealAddressesJob>();
        await app.App.Run<SealAddressesJob>();

        (await endpoint.Get()).Headers.ETag.Should().Be(before, "nothing changed for its owner");
        var row = await app.App.Use<WebhooksDb, WebhookEndpoint>(db => db.Endpoints.AsNoTracking().SingleAsync(e => e.Id == endpoint.Id));
        row.Url.Should().BeEmpty();
        row.AddressOf(app.App.Services.GetRequiredService<SealedBox>()).Should().Be(new Uri(url));
        (await client.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
    }

    [Fact]
    public async Task Customers_cannot_tell_an_internal_name_from_an_unknown_one_but_the_log_can()
    {
        var own = await WebhooksApp.Start(s => s.AddSingleton<NameLookup>((host, _) => Task.FromResult<IPAddress[]>(
            host == "inside.example" ? [IPAddress.Parse("10.1.2.3")] : [])));
        var (_, client) = await own.NewOrganization();
        var inside = await WebhooksApp.Register(client, "https://inside.example/", until: null);
        var unknown = await WebhooksApp.Register(client, "https://unknown.example/", until: null);

        var errors = new List<string?>();
        foreach (var endpoint in new[] { inside, unknown })
        {
            await WebhooksApp.Eventually(async () => (await Ping(endpoint)).ValueKind is System.Text.Json.JsonValueKind.String);
            errors.Add((await Ping(endpoint)).GetString());
        }

        errors.Should().Equal("unreachable", "unreachable");
        own.App.Logs.Lines.Should().Contain(l => l.Contains("inside.example") && l.Contains("Outbound:Allow"));
        own.App.Logs.Lines.Should().NotContain(l => l.Contains("unknown.example") && l.Contains("Outbound:Allow"));
        await own.DisposeAsync();
    }

    private static string Shown(Receiver receiver) => $"{new Uri(receiver.Url).GetLeftPart(UriPartial.Authority)}/…";

    private static async Task<System.Text.Json.JsonElement> Ping(Registered endpoint) =>
        (await endpoint.Owner.Get($"/v1/webhooks/{endpoint.Id}/deliveries")).Json.GetProperty("items")[0].GetProperty("lastError");

    private static Task<ApiResponse> Patch(ApiClient client, string id, string body) => EndpointTests.Patch(client, id, body);
}

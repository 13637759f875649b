using Aegis.Contracts.Vault;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Webhooks;

/// <summary>Which events a caller may subscribe to: never more than it may read, now and later.</summary>
public sealed class SubscriptionRightsTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    private static readonly string[] Narrow = ["webhook:read", "webhook:write", "study:read"];

    [Fact]
    public async Task A_pattern_is_stored_as_the_events_that_the_key_may_read()
    {
        var (organization, client) = await app.NewOrganization();
        var narrow = await app.Of(organization, Narrow);
        var all = (await client.Get("/v1/webhooks/event-types")).Json.GetProperty("items").EnumerateArray()
            .Where(t => Narrow.Contains(t.GetProperty("requiredPermission").GetString()))
            .Select(t => t.GetProperty("type").GetString()).ToList();

        var made = (await narrow.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBe(
            HttpStatusCode.Created);

        Events(made).Should().Equal(all);
        Events(await narrow.Get($"/v1/webhooks/{made.Id}")).Should().Equal(all).And.NotContain(e => e!.StartsWith("credential"));
        Events(await Patch(narrow, made.Id, """{"events":["transfer.*","*"]}""")).Should().StartWith("transfer.*").And.NotContain("*");
        (await narrow.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "credential.*" } })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "missing_scope");
        Events((await client.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBe(
            HttpStatusCode.Created)).Should().Equal("*");
    }

    [Fact]
    public async Task A_key_limited_to_partners_can_subscribe_only_to_events_without_partners()
    {
        var (organization, _) = await app.NewOrganization();
        var (_, narrowed) = await app.Keyed(organization, Narrow, ["prov_123"]);

        var made = (await narrowed.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBe(
            HttpStatusCode.Created);

        Events(made).Should().OnlyContain(e => e!.StartsWith("webhook."));
        (await narrowed.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "transfer.*" } })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "key_narrowed");
    }

    [Fact]
    public async Task Every_action_on_an_endpoint_needs_the_right_to_read_its_events()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "credential.*", "transfer.*");
        var test = (await client.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted).Id;
        var path = $"/v1/webhooks/{endpoint.Id}";
        var acts = new (string Name, Func<ApiClient, Task<ApiResponse>> Act)[]
        {
            ("describe", c => Patch(c, endpoint.Id, """{"description":"mine"}""")),
            ("disable", c => Patch(c, endpoint.Id, """{"enabled":false}""")),
            ("narrow", c => Patch(c, endpoint.Id, """{"events":["transfer.*"]}""")),
            ("rotate", c => c.Post($"{path}/rotate-secret", new { })),
            ("end", c => c.Delete($"{path}/previous-secret")),
            ("test", c => c.Post($"{path}/test")),
            ("replay", c => c.Post($"{path}/replay", new { status = "failed" })),
            ("replay one", c => c.Post($"/v1/webhooks/deliveries/{test}/replay")),
            ("remove", c => c.Delete(path)),
        };

        foreach (var (client2, code) in new[]
                 {
                     (await app.Of(organization, Narrow), "missing_scope"),
                     ((await app.Keyed(organization, [.. Narrow, "credential:read"], ["prov_123"])).Client, "key_narrowed"),
                 })
        {
            foreach (var (name, act) in acts)
            {
                var refused = await act(client2);
                refused.Status.Should().Be(HttpStatusCode.Forbidden, "{0} answered {1}", name, refused.Text);
                refused["code"].Should().Be(code, name);
                refused.Text.Should().NotContain("whsec_");
            }
        }

        foreach (var (_, act) in acts.Where(a => a.Name is not "disable" and not "narrow")) ((int)(await act(client)).Status)
            .Should().BeLessThan(300);
    }

    [Fact]
    public async Task Events_stop_when_the_owner_may_no_longer_read_them()
    {
        var (organization, admin) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var (key, owner) = await app.Keyed(organization, [.. Narrow, "credential:read"]);
        var endpoint = await WebhooksApp.Register(owner, receiver.Url, "enabled", "credential.*", "transfer.*");
        await app.Raise(organization, happened: Created(organization));
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);

        // a user without a role may read studies but not credentials
        (await admin.Patch($"/v1/users/{key.UserId}", """{"role":null}""")).ShouldBe(HttpStatusCode.OK);
        await app.Raise(organization, happened: Created(organization));
        var still = await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Any(e => Receiver.ObjectOf(e) == still));
        (await admin.Patch($"/v1/users/{key.UserId}", """{"disabled":true}""")).ShouldBe(HttpStatusCode.OK);
        var silent = await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await admin.Get("/v1/events?limit=200")).Text.Contains(silent));

        receiver.Events.Should().HaveCount(2);
        (await Patch(admin, endpoint.Id, """{"description":"taken over"}""")).ShouldBe(HttpStatusCode.OK);
        await app.Raise(organization, happened: Created(organization));
        await WebhooksApp.Eventually(() => receiver.Events.Count == 3);
    }

    private CredentialCreated Created(string organization) => new(Ids.New("cred", app.Clock.GetUtcNow()), "one", "env", [organization]);

    private static List<string?> Events(ApiResponse response) =>
        response.Json.GetProperty("events").EnumerateArray().Select(e => e.GetString()).ToList();

    private static Task<ApiResponse> Patch(ApiClient client, string id, string body) => EndpointTests.Patch(client, id, body);
}

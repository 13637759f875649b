using Aegis.Kernel.Outbound;

namespace Aegis.Tests.Webhooks;

public sealed class EndpointTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    [Fact]
    public async Task Concurrent_changes_of_one_endpoint_all_succeed()
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();

        for (var round = 0; round < 3; round++)
        {
            var endpoint = await WebhooksApp.Register(client, receiver.Url, until: null); // its ping is answered during the calls
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
                ? Patch(client, endpoint.Id, $$"""{"description":"{{i}}"}""")
                : client.Post($"/v1/webhooks/{endpoint.Id}/rotate-secret", new { })));
            answers.Should().OnlyContain(a => a.Status == HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Registering_shows_the_secret_once_and_sends_only_a_ping_at_first()
    {
        var (organization, client) = await app.NewOrganization();
        var answers = false;
        await using var receiver = await Receiver.Start(_ => answers ? 204 : 503, pingsToo: true);

        var endpoint = await WebhooksApp.Register(client, receiver.Url, until: null);
        await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()).Count == 1 && receiver.Pings.Count == 1);

        WebhookSecret.Read(endpoint.Secret).Should().HaveCount(32);
        var shown = await endpoint.Get();
        shown["status"].Should().Be("pending");
        shown.Text.Should().NotContain("whsec_");
        receiver.Events.Should().BeEmpty("the endpoint has not answered its ping");
        answers = true;
        app.Pass(TimeSpan.FromSeconds(6));
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        (await endpoint.Get())["status"].Should().Be("enabled");
        (await endpoint.Deliveries())[0].GetProperty("eventId").GetString().Should().Be(receiver.Events[0].Headers["webhook-id"]);
    }

    [Fact]
    public async Task A_repeated_registration_does_not_show_the_secret_again()
    {
        var (_, client) = await app.NewOrganization();
        var once = client.With("Idempotency-Key", "registered-once");
        var made =
            (await once.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBe(HttpStatusCode.Created);

        var again = await once.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } });

        again.ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"].Should().Be(made.Id);
        made.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await client.Get("/v1/webhooks")).Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("https://user:word@example.org/", "validation_failed")]
    [InlineData("https://example.org/#part", "validation_failed")]
    [InlineData("ftp://example.org/", "validation_failed")]
    [InlineData("/hook", "validation_failed")]
    [InlineData("https://10.0.0.1/hook", "address_not_allowed")]
    [InlineData("https://169.254.169.254/latest", "address_not_allowed")]
    [InlineData("http://192.0.43.8/hook", "address_not_allowed")]
    public async Task An_address_that_can_never_be_called_is_refused(string url, string code)
    {
        var (_, client) = await app.NewOrganization();

        var answer = await client.Post("/v1/webhooks", new { url, events = new[] { "*" } });

        answer.ShouldBeRefused(HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("""{"url":"https://example.org/","events":[]}""", "events")]
    [InlineData("""{"url":"https://example.org/","events":["transfer.delivered","transfer.delivered"]}""", "events")]
    [InlineData("""{"url":"https://example.org/","events":["transfer.lost"]}""", "events")]
    [InlineData("""{"url":"https://example.org/","events":["key.created"]}""", "events")]
    [InlineData("""{"url":"https://example.org/","events":[null]}""", "events")]
    [InlineData("""{"url":"https://example.org/"}""", "events")]
    [InlineData("""{"url":"https://example.org/","events":["*"],"description":"a\u0007b"}""", "description")]
    public async Task A_refused_registration_names_the_invalid_member(string body, string member)
    {
        var (_, client) = await app.NewOrganization();

        var answer = await client.Post("/v1/webhooks", body);

        answer.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed").Json.GetProperty("errors").TryGetProperty(member, out _)
            .Should().BeTrue(answer.Text);
    }

    [Fact]
    public async Task A_subscription_needs_the_scope_of_its_events()
    {
        var (organization, _) = await app.NewOrganization();
        var narrow = await app.Of(organization, "webhook:write", "webhook:read", "study:read");

        (await narrow.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "transfer.*" } })).ShouldBe(
            HttpStatusCode.Created);
        var refused =
            await narrow.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "transfer.*", "credential.rotated" } });

        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be("credential:read");
    }

    [Fact]
    public async Task A_key_limited_to_partners_cannot_subscribe_to_events_of_all_partners()
    {
        var (organization, client) = await app.NewOrganization();
        var (_, narrowed) = await app.Keyed(organization, ["webhook:read", "webhook:write", "study:read"], ["prov_123"]);
        var endpoint = await WebhooksApp.Register(client, "http://127.0.0.1:1/", null, "transfer.*");

        var made = await narrowed.Post("/v1/webhooks", new { url = "http://127.0.0.1:2/", events = new[] { "transfer.*" } });
        var moved = await Patch(narrowed, endpoint.Id, """{"url":"http://127.0.0.1:2/"}""");

        made.ShouldBeRefused(HttpStatusCode.Forbidden, "key_narrowed");
        moved.ShouldBeRefused(HttpStatusCode.Forbidden, "key_narrowed");
        (await narrowed.Post("/v1/webhooks", new { url = "http://127.0.0.1:2/", events = new[] { "webhook.*" } })).ShouldBe(
            HttpStatusCode.Created);
    }

    [Fact]
    public async Task Changing_the_address_needs_the_scopes_of_the_endpoints_events()
    {
        var (organization, client) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, "http://127.0.0.1:1/", until: null, "credential.*");
        var narrow = await app.Of(organization, "webhook:write", "study:read");

        var refused = await narrow.Send(new HttpRequestMessage(
                HttpMethod.Patch, $"/v1/webhooks/{endpoint.Id}")
        { Content = Json("""{"url":"http://127.0.0.1:2/"}""") });

        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task A_new_address_is_pinged_first_and_receives_the_events_queued_since()
    {
        var (organization, client) = await app.NewOrganization();
        await using var first = await Receiver.Start();
        await using var second = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, first.Url);

        var moved = (await Patch(client, endpoint.Id, $$"""{"url":"{{second.Url}}"}""")).ShouldBe(HttpStatusCode.OK);
        await app.Raise(organization);

        moved["status"].Should().Be("pending");
        await WebhooksApp.Eventually(() => second.Events.Count == 1);
        second.Pings.Should().HaveCount(1);
        first.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task A_disabled_endpoint_receives_nothing_and_is_pinged_when_enabled_again()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        (await Patch(client, endpoint.Id, """{"enabled":false}""")).ShouldBe(HttpStatusCode.OK)["disabledReason"].Should().Be("manual");
        (await client.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBeRefused(HttpStatusCode.Conflict, "webhook_disabled");

        var missed = await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await client.Get("/v1/events")).Text.Contains(missed, StringComparison.Ordinal));
        (await Patch(client, endpoint.Id, """{"enabled":true}""")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("pending");
        await WebhooksApp.Eventually(async () => (await endpoint.Get())["status"] == "enabled");
        var later = await app.Raise(organization);

        await WebhooksApp.Eventually(() => receiver.Events.Any(e => Receiver.ObjectOf(e) == later));
        receiver.Pings.Should().HaveCount(2);
        receiver.Events.Should().HaveCount(1, "events raised while it was disabled are only sent by a replay");
    }

    [Fact]
    public async Task Changes_check_the_ETag_and_a_removed_endpoint_is_not_found()
    {
        var (_, client) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, "http://127.0.0.1:1/", until: null);
        var tag = (await endpoint.Get()).Headers.ETag!.Tag;
        (await Patch(client.With("If-Match", tag), endpoint.Id, """{"description":"first"}""")).ShouldBe(HttpStatusCode.OK);

        (await Patch(client.With("If-Match", tag), endpoint.Id, """{"description":"second"}""")).ShouldBeRefused(
            HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await client.With("If-Match", tag)
            .Delete($"/v1/webhooks/{endpoint.Id}")).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await client.Delete($"/v1/webhooks/{endpoint.Id}")).ShouldBe(HttpStatusCode.NoContent);
        (await client.Get($"/v1/webhooks/{endpoint.Id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task An_organization_has_a_limited_number_of_endpoints()
    {
        var small = await WebhooksApp.Start(settings: ("Webhooks:MostEndpoints", "2"));
        var client = await small.Of("cons_456");
        for (var i = 0; i < 2; i++) await WebhooksApp.Register(client, "http://127.0.0.1:1/", until: null);

        (await client.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBeRefused(
            HttpStatusCode.Conflict, "too_many_webhooks");
        await small.DisposeAsync();
    }

    [Fact]
    public async Task The_limit_applies_to_concurrent_calls_too()
    {
        var small = await WebhooksApp.Start(settings: ("Webhooks:MostEndpoints", "3"));
        var client = await small.Of("cons_456");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(_ => client.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })));

        answers.Count(a => a.Status == HttpStatusCode.Created).Should().Be(3);
        answers.Count(a => a.Status == HttpStatusCode.Conflict).Should().Be(9);
        await small.DisposeAsync();
    }

    [Fact]
    public async Task The_catalogue_has_a_schema_and_an_example_for_every_event()
    {
        var (_, client) = await app.NewOrganization();

        var items = (await client.Get("/v1/webhooks/event-types")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")
            .EnumerateArray().ToList();

        items.Select(i => i.GetProperty("type").GetString())
            .Should().Contain(["transfer.delivered", "transfer.destroyed", "transfer.disputed", "request.created", "credential.rotated"]);
        foreach (var item in items)
        {
            var data = item.GetProperty("example").GetProperty("data").EnumerateObject().Select(m => m.Name).ToList();
            data.Should().StartWith(["id", "sequence"]);
            item.GetProperty("schema").GetProperty("properties").GetProperty("data").GetProperty("properties").EnumerateObject()
                .Select(m => m.Name).Should().Equal(data);
        }
    }

    internal static Task<ApiResponse> Patch(ApiClient client, string id, string body) =>
        client.Send(new HttpRequestMessage(HttpMethod.Patch, $"/v1/webhooks/{id}") { Content = Json(body) });

    internal static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}

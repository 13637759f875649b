using Aegis.Webhooks.Persistence;
using Aegis.Webhooks.Sending;

namespace Aegis.Tests.Webhooks;

/// <summary>Endpoints that answer 410, fail for days or recover, and what their owner is data.</summary>
public sealed class FailingEndpointTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    [Fact]
    public async Task An_endpoint_that_answers_410_is_disabled_at_once_and_an_event_reports_it()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(410);
        await using var other = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await WebhooksApp.Register(client, other.Url, "enabled", "webhook.*");

        await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Get())["status"] == "disabled");

        (await endpoint.Get())["disabledReason"].Should().Be("gone");
        await WebhooksApp.Eventually(() => other.Events.Any(e => Receiver.TypeOf(e) == "webhook.disabled"));
        var data = JsonElement.Parse(other.Events.Single(e => Receiver.TypeOf(e) == "webhook.disabled").Body).GetProperty("data");
        data.GetProperty("id").GetString().Should().Be(endpoint.Id);
        data.GetProperty("reason").GetString().Should().Be("gone");
        var audit = (await client.Get($"/v1/audit?object={endpoint.Id}&action=webhook.disabled")).ShouldBe(HttpStatusCode.OK);
        audit.Json.GetProperty("items").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Five_days_of_failure_disable_an_endpoint_after_warnings_on_days_one_and_three()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(500);
        await using var other = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        await WebhooksApp.Register(client, other.Url, "enabled", "webhook.failing", "webhook.disabled");

        for (var hour = 0; hour <= 6 * 24; hour += 6)
        {
            await app.Raise(organization);
            await WebhooksApp.Eventually(async () => await Tried(endpoint) > hour / 6);
            await app.Watch();
            await app.Watch(); // as if on a second host
            if ((await endpoint.Get())["status"] == "disabled") break;
            app.Pass(TimeSpan.FromHours(6));
            client = (endpoint = endpoint with { Owner = await app.Of(organization) }).Owner; // keys expire too
        }

        (await endpoint.Get())["disabledReason"].Should().Be("failing");
        await WebhooksApp.Eventually(() => other.Events.Count >= 3);
        other.Events.Select(e => JsonElement.Parse(e.Body)).Select(b => (b.GetProperty("type").GetString(), Days(b)))
            .Should().Equal(("webhook.failing", 1), ("webhook.failing", 3), ("webhook.disabled", null));
        (await endpoint.Get())["warnedDay"].Should().Be("5");
        (await endpoint.Deliveries("waiting")).Should().NotBeEmpty("waiting deliveries are kept until it is enabled again");

        static int? Days(JsonElement body) => body.GetProperty("data").TryGetProperty("days", out var days) ? days.GetInt32() : null;
    }

    [Fact]
    public async Task One_success_restarts_the_count_of_days()
    {
        var (organization, client) = await app.NewOrganization();
        var answer = 500;
        await using var receiver = await Receiver.Start(_ => answer);
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        for (var day = 0; day < 6; day++)
        {
            answer = day == 3 ? 200 : 500;
            await app.Raise(organization);
            await WebhooksApp.Eventually(async () => await Tried(endpoint) > day);
            if (day == 3) await WebhooksApp.Eventually(async () => (await endpoint.Get())["failingSince"] is null);
            await app.Watch();
            app.Pass(TimeSpan.FromDays(1));
            endpoint = endpoint with { Owner = await app.Of(organization) };
            answer = 500;
        }

        (await endpoint.Get())["status"].Should().Be("enabled");
    }

    [Fact]
    public async Task An_endpoint_that_is_sent_nothing_is_not_disabled()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(500);
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Get())["failingSince"] is not null);

        app.Clock.Advance(TimeSpan.FromDays(6));
        endpoint = endpoint with { Owner = await app.Of(organization) };
        await app.Watch();

        (await endpoint.Get())["status"].Should().Be("enabled", "there was one failure, not days of them");
    }

    [SqliteFact("renames a table")]
    public async Task A_short_database_failure_neither_interrupts_nor_repeats_a_delivery()
    {
        var (organization, client) = await app.NewOrganization();
        var answer = new TaskCompletionSource();
        await using var receiver = await Receiver.Start((_, _) => answer.Task);
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);

        await app.App.Use<WebhooksDb>(db =>
            db.Database.ExecuteSqlRawAsync("ALTER TABLE webhooks_endpoints RENAME TO webhooks_endpoints_away"));
        app.Notify(endpoint.Id); // the sender looks for more deliveries and fails
        await Task.Delay(2500);
        await app.App.Use<WebhooksDb>(db =>
            db.Database.ExecuteSqlRawAsync("ALTER TABLE webhooks_endpoints_away RENAME TO webhooks_endpoints"));
        answer.SetResult();

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")) is [var d]
            && d.GetProperty("attempts").GetInt32() == 1);
        await Task.Delay(1500); // enough for another sender to send it again
        receiver.Events.Should().ContainSingle();
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        var (organization, client) = await app.NewOrganization();
        await using var elsewhere = await Receiver.Start();
        await using var receiver = await Receiver.Start((context, _) =>
        {
            context.Response.Redirect("http://169.254.169.254/latest/meta-data/");
            return Task.CompletedTask;
        });
        var endpoint = await WebhooksApp.Register(client, receiver.Url);

        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d]
            && d.GetProperty("lastError").GetString() == "redirect");
        (await endpoint.Deliveries())[0].GetProperty("lastStatus").GetInt32().Should().Be(302);
    }

    [Fact]
    public async Task Failed_deliveries_and_ranges_are_sent_again_with_the_same_ids()
    {
        var (organization, client) = await app.NewOrganization();
        var answer = 200;
        await using var receiver = await Receiver.Start(_ => answer);
        var begin = app.Clock.GetUtcNow();
        var before = await app.Raise(organization); // before the endpoint exists
        await WebhooksApp.Eventually(async () => (await client.Get("/v1/events")).Json.GetProperty("items").GetArrayLength() == 1);
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        var delivered = await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 1);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 1);
        var first = receiver.Events[0].Headers["webhook-id"];

        var one = (await endpoint.Deliveries())[0].GetProperty("id").GetString();
        (await client.Post($"/v1/webhooks/deliveries/{one}/replay")).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 2);
        var range = (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { from = begin })).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 4);

        range["queued"].Should().Be("2");
        range["nextCursor"].Should().BeNull();
        receiver.Events.Where(e => Receiver.ObjectOf(e) == delivered).Select(e => e.Headers["webhook-id"])
            .Should().OnlyContain(id => id == first).And.HaveCount(3);
        receiver.Events.Should().ContainSingle(e => Receiver.ObjectOf(e) == before);
        (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { })).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed", from = begin })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_replay_of_failed_deliveries_sends_them_again()
    {
        var (organization, client) = await app.NewOrganization();
        var answer = 500;
        await using var receiver = await Receiver.Start(_ => answer);
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d]
                && d.GetProperty("attempts").GetInt32() >= attempt);
            app.Pass(TimeSpan.FromHours(27));
            endpoint = endpoint with { Owner = await app.Of(organization) };
        }

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("failed")).Count == 1);
        answer = 200;
        (await endpoint.Owner.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(
            HttpStatusCode.Accepted)["queued"].Should().Be("1");

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 1);
        receiver.Events.Select(e => e.Headers["webhook-id"]).Distinct().Should().HaveCount(1);
    }

    /// <summary>Number of deliveries that were tried at least once.</summary>
    private static async Task<int> Tried(Registered endpoint) =>
        (await endpoint.Deliveries()).Count(d => d.GetProperty("attempts").GetInt32() > 0);
}

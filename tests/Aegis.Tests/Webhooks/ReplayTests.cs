using Aegis.Webhooks.Deliveries;
using Aegis.Webhooks.Persistence;

namespace Aegis.Tests.Webhooks;

/// <summary>Replays of many deliveries, with calls that are repeated.</summary>
public sealed class ReplayTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    [Fact]
    public async Task A_replay_repeated_with_the_same_idempotency_key_sends_once()
    {
        var begin = app.Clock.GetUtcNow();
        var (client, receiver, endpoint) = await Delivered();
        await using var _ = receiver;
        var keyed = client.With("Idempotency-Key", "range");

        var first = (await keyed.Post($"/v1/webhooks/{endpoint.Id}/replay", new { from = begin })).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(async () => receiver.Events.Count == 4 && (await endpoint.Deliveries("delivered")).Count == 2);
        var second = (await keyed.Post($"/v1/webhooks/{endpoint.Id}/replay", new { from = begin })).ShouldBe(HttpStatusCode.Accepted);
        await Task.Delay(500);

        first["queued"].Should().Be("2");
        second.Text.Should().Be(first.Text);
        second.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
        receiver.Events.Should().HaveCount(4);
        (await endpoint.Deliveries("delivered")).Should().HaveCount(2);
        (await keyed.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_repeated_replay_does_not_send_deliveries_that_failed_since()
    {
        var (client, receiver, endpoint) = await Delivered();
        await using var _ = receiver;
        var (one, other) = (client.With("Idempotency-Key", "failed-1"), client.With("Idempotency-Key", "failed-2"));
        (await one.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(HttpStatusCode.Accepted)["queued"]
            .Should().Be("0");
        await app.App.Database.Run(
            $"UPDATE {TestDatabase.Table("webhooks", "deliveries")} SET Status = 'Failed' WHERE EndpointId = '{endpoint.Id}' AND Type <> "
                + "'webhook.ping'");

        var repeat = (await one.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(HttpStatusCode.Accepted);
        var failed = await endpoint.Deliveries("failed");
        var another = (await other.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(HttpStatusCode.Accepted);

        repeat["queued"].Should().Be("0");
        failed.Should().HaveCount(2);
        another["queued"].Should().Be("2");
        await WebhooksApp.Eventually(() => receiver.Events.Count == 4);
    }

    [Fact]
    public async Task Stored_replays_are_purged_with_their_deliveries()
    {
        var own = await WebhooksApp.Start();
        var (_, client) = await own.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, "http://127.0.0.1:9/", until: null);
        (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(HttpStatusCode.Accepted);
        (await Count()).Should().Be(1);

        own.Clock.Advance(TimeSpan.FromDays(29));
        await own.App.Run<PurgeJob>();
        (await Count()).Should().Be(1);
        own.Clock.Advance(TimeSpan.FromDays(2));
        await own.App.Run<PurgeJob>();
        (await Count()).Should().Be(0);
        await own.DisposeAsync();

        async Task<int> Count()
        {
            var count = 0;
            await own.App.Use<WebhooksDb>(async db => count = await db.Replays.CountAsync());
            return count;
        }
    }

    /// <summary>Registers an endpoint that was sent two events.</summary>
    private async Task<(ApiClient Client, Receiver Receiver, Registered Endpoint)> Delivered()
    {
        var (organization, client) = await app.NewOrganization();
        var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url, "enabled", "transfer.*");
        for (var i = 0; i < 2; i++) await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 2);
        return (client, receiver, endpoint);
    }
}

using System.Globalization;
using Aegis.Contracts.Studies;
using Aegis.Kernel.Outbound;
using Aegis.Webhooks.Events;
using Aegis.Webhooks.Sending;

namespace Aegis.Tests.Webhooks;

public sealed class DeliveryTests(WebhooksApp app) : IClassFixture<WebhooksApp>
{
    [Fact]
    public async Task An_event_is_signed_and_contains_ids_but_no_patient_data()
    {
        await using var receiver = await Receiver.Start();
        var provider = await app.Of("prov_123");
        var endpoint = await WebhooksApp.Register(provider, receiver.Url, "enabled", "request.created");

        var request = (await app.App.As("consumer").Post("/v1/requests", new
        {
            providerId = "prov_123",
            patient = new { lastName = "Canarybird", firstName = "Jane", dob = "03/05/1971" },
            reason = "secret reason",
        })).ShouldBe(HttpStatusCode.Created).Id;

        await WebhooksApp.Eventually(() => receiver.Events.Any(e => Receiver.ObjectOf(e) == request));
        var received = receiver.Events.Single(e => Receiver.ObjectOf(e) == request);
        received.Body.Should().NotContain("Canarybird").And.NotContain("1971").And.NotContain("secret reason");
        received.Headers["content-type"].Should().Be("application/json");
        Verify(received, endpoint.Secret).Should().BeTrue();
        var body = JsonElement.Parse(received.Body);
        body.EnumerateObject().Select(m => m.Name).Should().Equal("type", "timestamp", "data");
        body.GetProperty("data").EnumerateObject().Select(m => m.Name).Should().Equal("id", "sequence", "consumerId", "providerId");
        body.GetProperty("timestamp").GetDateTimeOffset().Should().BeCloseTo(app.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Only_the_two_parties_receive_an_event()
    {
        var ((one, first), (other, second), (_, third)) =
            (await app.NewOrganization(), await app.NewOrganization(), await app.NewOrganization());
        await using var receiver = await Receiver.Start();
        await using var stranger = await Receiver.Start();
        await WebhooksApp.Register(first, receiver.Url);
        await WebhooksApp.Register(second, receiver.Url);
        await WebhooksApp.Register(third, stranger.Url);

        await app.Raise(one, happened: new TransferDisputed("trf_x", "req_x", one, other, "digest", [one, other]));

        await WebhooksApp.Eventually(() => receiver.Events.Count == 2);
        receiver.Events.Select(e => e.Headers["webhook-id"]).Distinct().Should().HaveCount(1, "it is one event");
        stranger.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task Attempts_follow_the_schedule_with_one_id_and_new_timestamps()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start(500);
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d] && d.GetProperty("attempts").GetInt32() == 1);

        for (var attempt = 1; attempt <= 9; attempt++)
        {
            var due = (await endpoint.Deliveries())[0].GetProperty("nextAttemptAt").GetDateTimeOffset() - app.Clock.GetUtcNow();
            due.Should().BeCloseTo(RetrySchedule.Waits[attempt - 1], (RetrySchedule.Waits[attempt - 1] * 0.1) + TimeSpan.FromSeconds(5));
            app.Pass(due - TimeSpan.FromSeconds(2));
            await Task.Delay(50);
            receiver.Events.Should().HaveCount(attempt, "it is not due yet");
            app.Pass(TimeSpan.FromSeconds(2));
            await WebhooksApp.Eventually(async () => (await endpoint.Deliveries())[0].GetProperty("attempts").GetInt32() == attempt + 1);
        }

        var delivery = (await endpoint.Deliveries())[0];
        delivery.GetProperty("status").GetString().Should().Be("failed");
        delivery.GetProperty("nextAttemptAt").ValueKind.Should().Be(JsonValueKind.Null);
        receiver.Events.Select(e => e.Headers["webhook-id"]).Distinct().Should().HaveCount(1);
        receiver.Events.Select(e => e.Body).Distinct().Should().HaveCount(1);
        receiver.Events.Select(e => e.Headers["webhook-timestamp"]).Distinct().Should().HaveCount(10);
        var attempts = (await client.Get($"/v1/webhooks/deliveries/{delivery.GetProperty("id").GetString()}")).ShouldBe(
            HttpStatusCode.OK).Json.GetProperty("attempts");
        attempts.GetArrayLength().Should().Be(10);
        attempts[0].GetProperty("status").GetInt32().Should().Be(500);
        attempts[0].GetProperty("error").GetString().Should().Be("status");
        attempts[0].GetProperty("excerpt").ValueKind.Should().Be(JsonValueKind.Null, "the receiver is on loopback");
    }

    [Theory]
    [InlineData(0, 60, 60)]
    [InlineData(0, 2, 5)]
    [InlineData(0, 1_000_000, 86_400)]
    public void A_Retry_After_longer_than_24_hours_is_shortened(int step, int asked, int seconds) =>
        RetrySchedule.After(step, TimeSpan.FromSeconds(asked))!.Value.TotalSeconds.Should().BeApproximately(seconds, seconds * 0.1);

    [Fact]
    public async Task Retry_After_delays_the_next_attempt()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start((context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        });
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d] && d.GetProperty("attempts").GetInt32() == 1);

        ((await endpoint.Deliveries())[0].GetProperty("nextAttemptAt").GetDateTimeOffset() - app.Clock.GetUtcNow())
            .Should().BeGreaterThan(TimeSpan.FromSeconds(110));
    }

    [Fact]
    public async Task During_a_rotation_both_secrets_sign_and_the_overlap_can_be_ended()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);

        var rotated =
            (await client.Post($"/v1/webhooks/{endpoint.Id}/rotate-secret", new { overlapHours = 24 })).ShouldBe(HttpStatusCode.OK);
        var fresh = rotated["secret"]!;
        (await endpoint.Get())["previousSecretUntil"].Should().NotBeNull();
        var during = await Next();
        (await client.Delete($"/v1/webhooks/{endpoint.Id}/previous-secret")).ShouldBe(HttpStatusCode.NoContent);
        var after = await Next();

        during.Headers["webhook-signature"].Split(' ').Should().HaveCount(2);
        Verify(during, fresh).Should().BeTrue();
        Verify(during, endpoint.Secret).Should().BeTrue();
        Verify(after, fresh).Should().BeTrue();
        Verify(after, endpoint.Secret).Should().BeFalse();
        (await client.Post($"/v1/webhooks/{endpoint.Id}/rotate-secret", new { overlapHours = 169 })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");

        async Task<Heard> Next()
        {
            var id = await app.Raise(organization);
            await WebhooksApp.Eventually(() => receiver.Events.Any(e => Receiver.ObjectOf(e) == id));
            return receiver.Events.First(e => Receiver.ObjectOf(e) == id);
        }
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void The_previous_secret_signs_until_just_before_its_end(int ticks, int signatures)
    {
        var end = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var target = new EndpointTarget(
            "whk_1", "cons_456", new Uri("https://example.org"), Aegis.Webhooks.Endpoints.EndpointStatus.Enabled, 1, [1], [2], end);

        target.SecretsAt(end.AddTicks(ticks)).Should().HaveCount(signatures);
    }

    [Fact]
    public async Task Each_event_of_an_object_has_a_higher_sequence_than_the_one_before()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        await WebhooksApp.Register(client, receiver.Url);

        for (var i = 0; i < 5; i++) await app.Raise(organization, "trf_counted");
        await app.Raise(organization, "trf_other");

        await WebhooksApp.Eventually(() => receiver.Events.Count == 6);
        receiver.Events.Where(e => Receiver.ObjectOf(e) == "trf_counted")
            .Select(e => JsonElement.Parse(e.Body).GetProperty("data").GetProperty("sequence").GetInt32()).Order()
            .Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public async Task An_event_claimed_by_a_dead_host_is_sent_before_the_next_event_of_its_object()
    {
        var (organization, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        await WebhooksApp.Register(client, receiver.Url);

        await app.Raise(organization, "trf_claimed",
            new TransferDelivered("trf_claimed", "req_1", organization, "prov_123", [organization]), TimeSpan.FromMinutes(1));
        await app.Raise(organization, "trf_claimed",
            new TransferAcknowledged("trf_claimed", "req_1", organization, "prov_123", [organization]));
        await WebhooksApp.Eventually(() => receiver.Events.Count == 2);
        app.Clock.Advance(TimeSpan.FromMinutes(2)); // the dead host's lease has expired
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => receiver.Events.Count == 3);

        receiver.Events.Where(e => Receiver.ObjectOf(e) == "trf_claimed").Select(e => JsonElement.Parse(e.Body))
            .ToDictionary(b => b.GetProperty("type").GetString()!, b => b.GetProperty("data").GetProperty("sequence").GetInt32())
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["transfer.delivered"] = 1, ["transfer.acknowledged"] = 2 });
    }

    [Fact]
    public async Task A_test_event_arrives_and_is_listed_as_a_delivery()
    {
        var (_, client) = await app.NewOrganization();
        await using var receiver = await Receiver.Start();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);

        var once = client.With("Idempotency-Key", "one-test");
        var test = (await once.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted);
        (await once.Post($"/v1/webhooks/{endpoint.Id}/test")).ShouldBe(HttpStatusCode.Accepted).Id.Should().Be(test.Id);

        await WebhooksApp.Eventually(async () =>
            (await endpoint.Deliveries("delivered")).Any(d => d.GetProperty("id").GetString() == test.Id));
        receiver.Events.Should().ContainSingle().Which.Body.Should().Contain("webhook.test");
        Verify(receiver.Events[0], endpoint.Secret).Should().BeTrue();
    }

    [Fact]
    public void An_excerpt_is_shown_only_for_public_addresses_and_without_control_characters()
    {
        Sender.Excerpt(Encoding.UTF8.GetBytes("no\u0007pe"), isInward: false).Should().Be("no pe");
        Sender.Excerpt(Encoding.UTF8.GetBytes(new string('x', 5000)), isInward: false).Should().HaveLength(500);
        Sender.Excerpt([1, 2], isInward: true).Should().BeNull();
    }

    [Fact]
    public void Every_property_of_a_published_event_is_listed_as_published_or_withheld()
    {
        var undecided = EventTypes.Published.All.SelectMany(t => t.Source.GetProperties().Select(p => p.Name))
            .Distinct().Where(p => !EventField.All.ContainsKey(p) && !EventField.Withheld.ContainsKey(p));

        undecided.Should().BeEmpty("EventField lists every published property");
        EventField.All.Keys.Intersect(EventField.Withheld.Keys).Should().BeEmpty();
    }

    internal static bool Verify(Heard received, string secret) => received.Headers["webhook-signature"].Split(' ').Contains(
        WebhookSecret.Sign(
            [WebhookSecret.Read(secret)!], received.Headers["webhook-id"],
            long.Parse(received.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(received.Body)));
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Aegis.Kernel.Outbound;

namespace Aegis.Tests.Webhooks;

/// <summary>
/// Malicious and broken receivers: no event is lost, none is sent again once it was recorded as delivered, and no other endpoint waits.
/// </summary>
public sealed class HostileReceiverTests : IAsyncLifetime
{
    private const string Fine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private readonly ConcurrentQueue<IPAddress> addresses = [];
    private WebhooksApp app = null!; // set by InitializeAsync

    public async Task InitializeAsync() => app = await WebhooksApp.Start(
        s => s.AddSingleton<NameLookup>((host, ct) => host == "turning.example"
            ? Task.FromResult<IPAddress[]>([addresses.TryDequeue(out var next) ? next : IPAddress.Parse("169.254.169.254")])
            : OutboundConnections.AskSystem(host, ct)),
        ("Webhooks:TimeoutSeconds", "2"), ("Webhooks:MostAtOnce", "8"));

    public Task DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("", false, false, "timeout")] // never answers
    [InlineData("HTTP/1.1 200 OK\r\nX-Drip: ", false, true, "timeout")] // headers byte by byte
    [InlineData("HTTP/1.1 200 OK\r\nX-Flood: ", true, false, "too_large")] // endless headers
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", false, false, "unreachable")] // not HTTP
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n", false, false, "redirect")]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 99999999999\r\n\r\n", true, false, "status")] // endless body of an error
    public async Task A_delivery_whose_answer_is_invalid_is_tried_again_later(
        string answer, bool endless, bool dripping, string error)
    {
        await using var peer = new Peer(answer, endless: endless, dripping: dripping);
        var (organization, endpoint) = await Enabled($"http://127.0.0.1:{peer.Port}/");

        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d]
            && d.GetProperty("lastError").GetString() == error);
        (await endpoint.Deliveries())[0].GetProperty("status").GetString().Should().Be("waiting");
        (await endpoint.Deliveries())[0].GetProperty("nextAttemptAt").ValueKind.Should().Be(JsonValueKind.String);
        peer.Written.Should().BeLessThan(64 << 20, "an endless answer is cut off");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n", true, false)] // a body of ten gigabytes
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false, true)] // a body byte by byte
    public async Task A_success_status_counts_as_delivered_whatever_body_follows(string answer, bool endless, bool dripping)
    {
        await using var peer = new Peer(answer, endless: endless, dripping: dripping);
        var (organization, endpoint) = await Enabled($"http://127.0.0.1:{peer.Port}/");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 1);
        peer.Written.Should().BeLessThan(64 << 20, "the rest is not read");
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(64 << 20);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_a_failure()
    {
        await using var peer = new Peer(Fine, resets: true);
        var (organization, endpoint) = await Enabled($"http://127.0.0.1:{peer.Port}/");

        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d]
            && d.GetProperty("lastError").GetString() == "unreachable");
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_receiver_with_an_untrusted_certificate()
    {
        await using var peer = new Peer(Fine, certificate: Peer.SelfSigned());
        var (organization, endpoint) = await Enabled($"https://127.0.0.1:{peer.Port}/");

        await app.Raise(organization);

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()) is [var d]
            && d.GetProperty("lastError").GetString() == "tls_failed");
        peer.Heard.Should().BeEmpty();
    }

    /// <summary>
    /// The checked address is the one that is connected to. A name whose address changes is therefore resolved once for each connection.
    /// </summary>
    [Fact]
    public async Task A_name_that_changes_to_an_internal_address_is_not_called()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        addresses.Enqueue(IPAddress.Loopback);
        var (organization, client) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, $"http://turning.example:{peer.Port}/");

        await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("waiting")) is [var d]
            && d.GetProperty("lastError").GetString() == "unreachable");

        peer.Connections.Should().Be(1);
    }

    [Fact]
    public async Task Six_days_of_status_500_lose_no_event()
    {
        var answer = 500;
        var (raised, answered) = (new List<string>(), new ConcurrentQueue<string>());
        await using var receiver = await Receiver.Start(heard =>
        {
            if (answer == 200) answered.Enqueue(heard.Headers["webhook-id"]);
            return answer;
        });
        var (organization, client) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        var begin = app.Clock.GetUtcNow();
        for (var day = 0; day < 6; day++)
        {
            for (var i = 0; i < 3; i++) raised.Add(await app.Raise(organization));
            await WebhooksApp.Eventually(async () => (await client.Get("/v1/events?limit=200")).Json.GetProperty("items").EnumerateArray()
                .Count(e => e.GetProperty("type").GetString() == "transfer.delivered") == raised.Count);
            await Settle(endpoint);
            await app.Watch();
            app.Pass(TimeSpan.FromDays(1));
            client = (endpoint = endpoint with { Owner = await app.Of(organization) }).Owner;
        }

        await Settle(endpoint);
        await app.Watch();
        (await endpoint.Get())["disabledReason"].Should().Be("failing");
        answer = 200;
        (await EndpointTests.Patch(client, endpoint.Id, """{"enabled":true}""")).ShouldBe(HttpStatusCode.OK);
        (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { status = "failed" })).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("waiting")).Count == 0, 60);

        var arrived = receiver.Events.Where(e => answered.Contains(e.Headers["webhook-id"])).Select(Receiver.ObjectOf).Distinct().ToList();
        var queuedWhileDisabled =
            (await client.Post($"/v1/webhooks/{endpoint.Id}/replay", new { from = begin })).ShouldBe(HttpStatusCode.Accepted);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("waiting")).Count == 0, 60);
        arrived.Count.Should().BeGreaterThan(12);
        queuedWhileDisabled["queued"].Should().NotBe("0");
        receiver.Events.Where(e => answered.Contains(e.Headers["webhook-id"])).Select(Receiver.ObjectOf).Should().Contain(raised);
    }

    [Fact]
    public async Task An_unreliable_receiver_gets_every_event_and_none_again_that_it_accepted()
    {
        var (count, accepted) = (0, new ConcurrentQueue<string>());
        await using var receiver = await Receiver.Start(async (context, heard) =>
        {
            switch (Interlocked.Increment(ref count) % 8)
            {
                case 0: context.Response.StatusCode = 503; return;
                case 2: context.Abort(); return;
                case 4: context.Response.Redirect("/elsewhere"); return;
                case 6: await Task.Delay(3000); context.Response.StatusCode = 500; return; // after the sender's timeout
                default: accepted.Enqueue(heard.Headers["webhook-id"]); return;
            }
        });
        var (organization, client) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(client, receiver.Url);
        for (var i = 0; i < 12; i++) await app.Raise(organization);
        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries()).Count == 12);

        for (var turn = 0; turn < 60 && accepted.Distinct().Count() < 12; turn++)
        {
            app.Pass(TimeSpan.FromMinutes(40));
            endpoint = endpoint with { Owner = await app.Of(organization) };
            await Task.Delay(500);
        }

        await WebhooksApp.Eventually(async () => (await endpoint.Deliveries("delivered")).Count == 12);
        accepted.Should().OnlyHaveUniqueItems().And.HaveCount(12);
    }

    [Fact]
    public async Task Endpoints_that_hang_do_not_delay_one_that_answers()
    {
        var (organization, client) = await app.NewOrganization();
        await using var live = await Receiver.Start();
        await WebhooksApp.Register(client, live.Url);
        await app.Raise(organization);
        await WebhooksApp.Eventually(() => live.Events.Count == 1);
        await using var hanging = new Peer("");
        for (var i = 0; i < 40; i++) await Enabled($"http://127.0.0.1:{hanging.Port}/{i}", client);

        var waits = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            var watch = Stopwatch.StartNew();
            var id = await app.Raise(organization);
            await WebhooksApp.Eventually(() => live.Events.Any(e => Receiver.ObjectOf(e) == id), 60);
            waits.Add(watch.Elapsed);
        }

        await WebhooksApp.Eventually(() => hanging.Connections > 8, 60); // more attempts hang than there are slots
        waits.Order().ElementAt(5)
            .Should().BeLessThan(TimeSpan.FromSeconds(4),
                "a slow attempt keeps a quick slot for a second; waiting behind 40 of them in 8 slots would take longer");
    }

    /// <summary>Registers an endpoint that is enabled without a ping.</summary>
    private async Task<(string Organization, Registered Endpoint)> Enabled(string url, ApiClient? owner = null)
    {
        var organization = "";
        if (owner is null) (organization, owner) = await app.NewOrganization();
        var endpoint = await WebhooksApp.Register(owner, url, until: null, "transfer.*");
        await app.App.Database.Run(
            $"UPDATE {TestDatabase.Table("webhooks", "endpoints")} SET Status = 'Enabled', Revision = Revision + 1 WHERE Id = "
                + $"'{endpoint.Id}'");
        return (organization, endpoint);
    }

    /// <summary>Waits until every due delivery was tried.</summary>
    private Task Settle(Registered endpoint) => WebhooksApp.Eventually(async () =>
    {
        app.Notify(endpoint.Id);
        return (await endpoint.Get())["status"] == "disabled"
            || (await endpoint.Deliveries("waiting")).All(d => d.GetProperty("nextAttemptAt").GetDateTimeOffset() > app.Clock.GetUtcNow());
    }, 60);
}

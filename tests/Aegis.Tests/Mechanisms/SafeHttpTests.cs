using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Aegis.Kernel.Outbound;

namespace Aegis.Tests.Mechanisms;

/// <summary>Outbound calls over real sockets to hostile peers.</summary>
public sealed class SafeHttpTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_response_has_status_headers_and_body()
    {
        await using var peer = new Peer("HTTP/1.1 418 Short\r\nX-Kind: teapot\r\nContent-Length: 5\r\n\r\nhello");

        var answer = await Sender().Send(Get(peer.Url), OutboundPurpose.Webhook, "prov_123", MaxWait, 5, CancellationToken.None);

        answer.Status.Should().Be(418);
        answer.Headers.GetValues("X-Kind").Should().Equal("teapot");
        Encoding.ASCII.GetString(answer.Body).Should().Be("hello");
        peer.Heard
            .Should().StartWith("GET /hook?token=s3cret HTTP/1.1\r\n").And.NotContain("traceparent").And.NotContain("Accept-Encoding");
        $"{answer}".Should().NotContain("hello");
    }

    [Fact]
    public async Task A_name_that_resolves_to_an_internal_address_at_the_second_lookup_is_not_called()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await using var internalPeer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", IPAddress.Parse("127.0.0.2"), peer.Port);
        var lookups = 0;
        var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(++lookups == 1 ? "127.0.0.1" : "127.0.0.2")]),
            ("127.0.0.1", "webhook", null));
        var url = new Uri($"http://rebinding.example:{peer.Port}/");

        (await Send(sender, url)).Status.Should().Be(200);
        var again = () => Send(sender, url);

        (await again.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("unreachable");
        lookups.Should().Be(2, "one lookup serves the check and the connection");
        internalPeer.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("93.184.216.34", "::1")]
    [InlineData("93.184.216.34", "::ffff:127.0.0.1")]
    [InlineData("169.254.169.254", null)]
    public async Task Every_address_of_a_name_is_checked(string first, string? second)
    {
        var addresses = new[] { first, second }.OfType<string>().Select(IPAddress.Parse).ToArray();
        var sender = Sender((_, _) => Task.FromResult(addresses));

        var send = () => Send(sender, new Uri("https://mixed.example/"));

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("unreachable");
    }

    [Fact]
    public async Task A_redirect_to_an_internal_address_is_returned_and_not_followed()
    {
        await using var internalPeer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var peer = new Peer($"HTTP/1.1 302 Found\r\nLocation: {internalPeer.Url}\r\nContent-Length: 0\r\n\r\n");

        (await Send(Sender(), peer.Url)).Status.Should().Be(302);

        internalPeer.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("Content-Length: 10737418240\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n40000000\r\n")]
    public async Task A_response_of_ten_gigabytes_is_cut_off_at_the_limit(string rest)
    {
        await using var peer = new Peer($"HTTP/1.1 200 OK\r\n{rest}", endless: true);
        var before = GC.GetTotalAllocatedBytes();

        var send = () => Send(Sender(), peer.Url, maxBytes: 100_000);

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("too_large");
        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(50_000_000);
        await peer.CutOff.WaitAsync(MaxWait);
    }

    [Fact]
    public async Task Endless_headers_are_cut_off()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nX-Long: ", endless: true);

        var send = () => Send(Sender(), peer.Url);

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("too_large");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")]
    public async Task A_peer_that_stops_in_the_middle_causes_a_timeout(string answer)
    {
        await using var peer = new Peer(answer);
        var watch = TimeProvider.System.GetTimestamp();

        var send = () => Send(Sender(), peer.Url, timeout: TimeSpan.FromMilliseconds(500));

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("timeout");
        TimeProvider.System.GetElapsedTime(watch).Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_peer_that_sends_one_byte_at_a_time_causes_a_timeout()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", dripping: true);

        var send = () => Send(Sender(), peer.Url, timeout: TimeSpan.FromMilliseconds(700), maxBytes: 2_000_000);

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("timeout");
    }

    [Fact]
    public async Task A_self_signed_certificate_is_refused_even_where_plain_http_is_allowed()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate: Peer.SelfSigned());

        var send = () => Send(Sender(), new Uri($"https://localhost:{peer.Port}/"));

        (await send.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("tls_failed");
        peer.Heard.Should().BeEmpty();
    }

    [Fact]
    public async Task Plain_http_to_a_name_with_a_public_address_is_refused()
    {
        var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34")]), ("10.0.0.0/8", "webhook", null));

        var send = () => Send(sender, new Uri("http://hooks.example/"));

        (await send.Should().ThrowAsync<OutboundException>()).Which.Message.Should().Contain("https");
    }

    [Fact]
    public async Task A_connection_of_one_organization_is_never_used_for_another()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            // these allow plain http
            ("127.0.0.0/8", "webhook", "prov_123"), ("10.0.0.0/8", "webhook", null), ("10.0.0.0/8", "vault", null));
        var url = new Uri($"http://hooks.example:{peer.Port}/");

        (await Send(sender, url)).Status.Should().Be(200);
        var foreign = () => sender.Send(Get(url), OutboundPurpose.Webhook, "prov_124", MaxWait, 100, CancellationToken.None);
        var purpose = () => sender.Send(Get(url), OutboundPurpose.Vault, "prov_123", MaxWait, 100, CancellationToken.None);

        (await foreign.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("unreachable");
        (await purpose.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("unreachable");
        peer.Connections.Should().Be(1);
    }

    [Fact]
    public async Task A_failure_message_contains_no_path_query_headers_or_body()
    {
        int free;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            free = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        var unknown = Sender((_, _) => throw new SocketException((int)SocketError.HostNotFound), ("127.0.0.0/8", "webhook", null));
        foreach (var (sender, url) in new[] { (Sender(), new Uri($"http://127.0.0.1:{free}/p4th?token=s3cret")),
            (unknown, new Uri("https://gone.example/p4th?token=s3cret")) })
        {
            var send = () => Send(sender, url);
            var failed = (await send.Should().ThrowAsync<OutboundException>()).Which;
            failed.Code.Should().Be("unreachable");
            failed.ToString().Should().NotContain("p4th").And.NotContain("s3cret");
        }
    }

    [Fact]
    public async Task A_cancelled_call_ends_with_cancellation_and_not_a_timeout()
    {
        await using var peer = new Peer("");
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var send = () => Sender().Send(Get(peer.Url), OutboundPurpose.Webhook, "prov_123", MaxWait, 100, gone.Token);

        await send.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Addresses_for_clients_that_open_their_own_connections_are_checked()
    {
        var policy = OutboundPolicyTests.Policy(("10.0.0.0/8", "db", "prov_123"));
        var connections =
            new OutboundConnections(policy, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.9")]), TimeProvider.System);

        var found = await connections.Resolve("db.example", 5432, OutboundPurpose.Db, "prov_123", CancellationToken.None);
        var foreign = () => connections.Resolve("db.example", 5432, OutboundPurpose.Db, "prov_124", CancellationToken.None);

        found.Should().Equal(IPAddress.Parse("10.0.0.9"));
        (await foreign.Should().ThrowAsync<OutboundException>()).Which.Code.Should().Be("unreachable");
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        await using var peer = new Peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var sender = Sender((_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
            ("127.0.0.0/8", "webhook", null), ("::1", "webhook", null));

        (await Send(sender, new Uri($"http://two.example:{peer.Port}/"))).Status.Should().Be(200);
    }

    private static Task<SafeResponse> Send(SafeHttp sender, Uri url, TimeSpan? timeout = null, int maxBytes = 1000) =>
        sender.Send(Get(url), OutboundPurpose.Webhook, "prov_123", timeout ?? MaxWait, maxBytes, CancellationToken.None);

    private static HttpRequestMessage Get(Uri url) => new(HttpMethod.Get, url);

    private static SafeHttp Sender() => Sender(OutboundConnections.AskSystem, ("127.0.0.0/8", "webhook", null), ("::1", "webhook", null));

    private static SafeHttp Sender(NameLookup lookup, params (string, string, string?)[] entries)
    {
        var policy = OutboundPolicyTests.Policy(entries);
        return new SafeHttp(policy, new OutboundConnections(policy, lookup, TimeProvider.System), TimeProvider.System);
    }
}

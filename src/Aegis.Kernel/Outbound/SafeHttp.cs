#pragma warning disable RS0030 // the one place that makes clients
using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Aegis.Kernel.Outbound;

/// <summary>An answer, read to its end.</summary>
/// <param name="Status">HTTP status, redirects included: none is followed.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="ContentHeaders">Headers of its body.</param>
/// <param name="Body">At most as many bytes as the caller takes, as they were sent: nothing is unpacked.</param>
public sealed record SafeResponse(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public override string ToString() => $"{Status} ***";
}

/// <summary>
/// Sends HTTP requests where customers want them, within <see cref="OutboundPolicy"/>: no redirects, proxy or cookies, TLS as the system
/// trusts, a limit of time for all of it and a limit of bytes while they arrive.
/// </summary>
public sealed class SafeHttp(OutboundPolicy policy, OutboundConnections connections, TimeProvider clock) : IDisposable
{
    private const int MaxHeaderKilobytes = 32;
    private const int MaxConnections = 64; // to one target from this host: neither to flood it nor to run out of ports

    /// <summary>Names are looked up anew, and so checked anew, at least this often.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How long <see cref="Tell"/> reads what it does not need, so that the connection can be used again.</summary>
    private static readonly TimeSpan Politeness = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> clients = new(StringComparer.Ordinal);
    private volatile bool hasGoneInward;

    /// <summary>
    /// True once a connection went to an address that is not an ordinary one of the Internet. What is there is not to be shown to
    /// customers.
    /// </summary>
    public bool HasGoneInward => hasGoneInward;

    /// <summary>Sends a request and reads the answer.</summary>
    /// <param name="request">What to send; it is not disposed.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="timeout">For all of it, to the last byte of the body.</param>
    /// <param name="maxBytes">The longest body to take.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="OutboundException">It was not allowed, or failed.</exception>
    public async Task<SafeResponse> Send(
        HttpRequestMessage request, OutboundPurpose purpose, string organizationId, TimeSpan timeout, int maxBytes, CancellationToken ct) =>
        await Send(request, purpose, organizationId, timeout,
            (response, target, token) => Read(response.Content, maxBytes, target, token), ct);

    /// <summary>
    /// Sends a request whose answer is its status: of the body only the beginning is read, and it may be endless or break off.
    /// </summary>
    /// <param name="request">What to send; it is not disposed.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="timeout">To the end of the answer's headers.</param>
    /// <param name="max">How many bytes of the body are read.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="OutboundException">It was not allowed, or failed.</exception>
    public async Task<SafeResponse> Tell(
        HttpRequestMessage request, OutboundPurpose purpose, string organizationId, TimeSpan timeout, int max, CancellationToken ct) =>
        await Send(request, purpose, organizationId, timeout, (response, _, token) => ReadBeginning(response.Content, max, token), ct);

    private async Task<SafeResponse> Send(
        HttpRequestMessage request, OutboundPurpose purpose, string organizationId, TimeSpan timeout,
        Func<HttpResponseMessage, string, CancellationToken, Task<byte[]>> read, CancellationToken ct)
    {
        var url = request.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(request));
        if (policy.Objection(url, purpose, organizationId) is { } objection)
            throw new OutboundException(OutboundException.AddressNotAllowed, objection);

        request.Headers.Host = null; // the name in the certificate is compared with it
        using var patience = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            using var response = await ClientOf(purpose, organizationId)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await read(response, $"{url.IdnHost}:{url.Port}", either.Token);
            return new SafeResponse((int)response.StatusCode, response.Headers, response.Content.Headers, body);
        }
        catch (Exception e) when (e is not OutboundException && !ct.IsCancellationRequested)
        {
            throw Explain(e, $"{url.IdnHost}:{url.Port}", patience.IsCancellationRequested);
        }
    }

    public void Dispose()
    {
        foreach (var client in clients.Values.Where(c => c.IsValueCreated)) client.Value.Dispose();
    }

    private HttpClient ClientOf(OutboundPurpose purpose, string organizationId) => clients.GetOrAdd(
        policy.KeyOf(purpose, organizationId), _ => new Lazy<HttpClient>(() => Make(purpose, organizationId))).Value;

    private HttpClient Make(OutboundPurpose purpose, string organizationId)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null, // our trace ids are nobody's business
            ConnectTimeout = OutboundConnections.MaxConnect,
            MaxConnectionsPerServer = MaxConnections,
            MaxResponseDrainSize = 0, // what is not wanted is cut off, not read to its end
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionLifetime = ConnectionLifetime,
            ConnectCallback = async (context, token) =>
            {
                var stream = await connections.Connect(
                    context.DnsEndPoint.Host, context.DnsEndPoint.Port, purpose, organizationId,
                    mustBeListed: context.InitialRequestMessage.RequestUri!.Scheme != Uri.UriSchemeHttps, token);
                if (stream is not NetworkStream { Socket.RemoteEndPoint: IPEndPoint peer }
                    || !SpecialAddresses.IsPublic(Plain(peer.Address))) hasGoneInward = true;
                return stream;
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // each call has its own
    }

    /// <summary>A socket of both families names IPv4 peers by mapped addresses.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task<byte[]> ReadBeginning(HttpContent content, int max, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Politeness, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var body = new byte[max + 1]; // one more finds the end of what is exactly as long
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            while (length < body.Length && await stream.ReadAsync(body.AsMemory(length), either.Token) is > 0 and var read) length += read;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status was the answer.
        }

        return body[..Math.Min(length, max)];
    }

    private static async Task<byte[]> Read(HttpContent content, int maxBytes, string target, CancellationToken ct)
    {
        if (content.Headers.ContentLength > maxBytes) throw TooLarge(target, maxBytes);
        await using var stream = await content.ReadAsStreamAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var body = new ArrayBufferWriter<byte>();
            while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
            {
                if (body.WrittenCount + read > maxBytes) throw TooLarge(target, maxBytes);
                body.Write(buffer.AsSpan(0, read));
            }

            return body.WrittenSpan.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static OutboundException Explain(Exception failure, string target, bool tooLate)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is OutboundException known) return known;
            if (e is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                return new OutboundException(
                    OutboundException.TlsFailed, $"The TLS certificate or protocol of {target} is not acceptable.");
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                or HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                return new OutboundException(
                    OutboundException.TooLarge, $"The headers of {target} are longer than {MaxHeaderKilobytes} KiB.", mayHaveArrived: true);
        }

        return tooLate || failure is OperationCanceledException
            ? new OutboundException(OutboundException.Timeout, $"{target} took too long.", mayHaveArrived: true)
            : new OutboundException(OutboundException.Unreachable, $"{target} cannot be reached, or broke off ({Reason(failure)}).",
                mayHaveArrived: failure is not HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                });
    }

    private static string Reason(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: var error } ? $"{error}" : failure.GetType().Name;

    private static OutboundException TooLarge(string target, int maxBytes) =>
        new(OutboundException.TooLarge, $"The answer of {target} is longer than {maxBytes} bytes.", mayHaveArrived: true);
}

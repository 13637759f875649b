#pragma warning disable RS0030 // the only code that creates HTTP clients
using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Aegis.Kernel.Outbound;

/// <summary>A response that was read to its end.</summary>
/// <param name="Status">HTTP status. Redirects are returned, not followed.</param>
/// <param name="Headers">Response headers.</param>
/// <param name="ContentHeaders">Content headers.</param>
/// <param name="Body">The body as sent, not decompressed, up to the caller's limit.</param>
public sealed record SafeResponse(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
{
    public override string ToString() => $"{Status} ***";
}

/// <summary>
/// Sends HTTP requests to targets that customers chose, within <see cref="OutboundPolicy"/>. It uses no redirects, proxy or cookies, trusts
/// the system's TLS roots, and limits the total time and the bytes received.
/// <see cref="AllowedTarget"/> reads <c>Outbound:Allow</c>, and <see cref="SpecialAddresses"/> lists the addresses that are not public.
/// <see cref="OutboundConnections"/> looks up the name, checks every address and connects to a checked one. Requests whose purpose and
/// organization have the same permissions share a client and its connections. Every failure is an <see cref="OutboundException"/> with a
/// stable code; a request may have arrived although it failed.
/// </summary>
public sealed class SafeHttp(OutboundPolicy policy, OutboundConnections connections, TimeProvider clock) : IDisposable
{
    private const int MaxHeaderKilobytes = 32;
    private const int MaxConnections = 64; // per target and host: avoids flooding the target and running out of ports

    /// <summary>A connection is replaced after this time, so names are looked up and checked again at least this often.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>How long <see cref="Tell"/> reads the rest of a body, so that the connection can be reused.</summary>
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<HttpClient>> clients = new(StringComparer.Ordinal);
    private volatile bool hasGoneInward;

    /// <summary>
    /// True once a connection went to an address that is not public. Responses from there must not be shown to customers.
    /// </summary>
    public bool HasGoneInward => hasGoneInward;

    /// <summary>Sends a request and reads the whole response.</summary>
    /// <param name="request">The request; it is not disposed.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="timeout">Time limit up to the last byte of the body.</param>
    /// <param name="maxBytes">The longest accepted body.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="OutboundException">The request was not allowed or failed.</exception>
    public async Task<SafeResponse> Send(
        HttpRequestMessage request, OutboundPurpose purpose, string organizationId, TimeSpan timeout, int maxBytes, CancellationToken ct) =>
        await Send(request, purpose, organizationId, timeout,
            (response, target, token) => Read(response.Content, maxBytes, target, token), ct);

    /// <summary>
    /// Sends a request of which only the status matters. Only the beginning of the body is read; the body may be endless or break off.
    /// </summary>
    /// <param name="request">The request; it is not disposed.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="timeout">Time limit up to the end of the response headers.</param>
    /// <param name="max">How many bytes of the body are returned.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="OutboundException">The request was not allowed or failed.</exception>
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

        request.Headers.Host = null; // derive it from the URL, which is what the certificate is checked against
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await ClientOf(purpose, organizationId)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await read(response, $"{url.IdnHost}:{url.Port}", either.Token);
            return new SafeResponse((int)response.StatusCode, response.Headers, response.Content.Headers, body);
        }
        catch (Exception e) when (e is not OutboundException && !ct.IsCancellationRequested)
        {
            throw Explain(e, $"{url.IdnHost}:{url.Port}", deadline.IsCancellationRequested);
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
            ActivityHeadersPropagator = null, // do not send our trace ids to third parties
            ConnectTimeout = OutboundConnections.MaxConnect,
            MaxConnectionsPerServer = MaxConnections,
            MaxResponseDrainSize = 0, // close the connection instead of reading an unwanted body
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
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // each call has its own timeout
    }

    /// <summary>Converts an IPv4-mapped address to IPv4: a dual-stack socket reports IPv4 peers as mapped addresses.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private async Task<byte[]> ReadBeginning(HttpContent content, int max, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(MaxDrain, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var body = new byte[max + 1]; // one byte more detects the end of a body of exactly max bytes
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(either.Token);
            while (length < body.Length && await stream.ReadAsync(body.AsMemory(length), either.Token) is > 0 and var read) length += read;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // Only the status matters.
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
                    OutboundException.TlsFailed, $"The TLS certificate or protocol of {target} was not accepted.");
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                or HttpIOException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
                return new OutboundException(
                    OutboundException.TooLarge, $"The headers of {target} are longer than {MaxHeaderKilobytes} KiB.", mayHaveArrived: true);
        }

        return tooLate || failure is OperationCanceledException
            ? new OutboundException(OutboundException.Timeout, $"{target} took too long.", mayHaveArrived: true)
            : new OutboundException(
                OutboundException.Unreachable, $"{target} could not be reached, or closed the connection ({Reason(failure)}).",
                mayHaveArrived: failure is not HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                });
    }

    private static string Reason(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: var error } ? $"{error}" : failure.GetType().Name;

    private static OutboundException TooLarge(string target, int maxBytes) =>
        new(OutboundException.TooLarge, $"The response of {target} is longer than {maxBytes} bytes.", mayHaveArrived: true);
}

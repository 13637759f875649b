#pragma warning disable RS0030 // the only code that looks up names and opens sockets
using System.Net;
using System.Net.Sockets;

namespace Aegis.Kernel.Outbound;

/// <summary>Looks up a name. The only other implementation is in tests and returns false answers.</summary>
public delegate Task<IPAddress[]> NameLookup(string host, CancellationToken ct);

/// <summary>
/// Opens connections that <see cref="OutboundPolicy"/> allows. A name is looked up once and every address of the answer is checked. The
/// connection goes to a checked address, so a second DNS answer cannot redirect it (DNS rebinding).
/// </summary>
public sealed class OutboundConnections(
    OutboundPolicy policy, NameLookup lookup, TimeProvider clock, ILogger<OutboundConnections>? log = null)
{
    /// <summary>The time limit for one address. It is long enough for a lost SYN to be sent twice more.</summary>
    private static readonly TimeSpan OneAttempt = TimeSpan.FromSeconds(5);

    /// <summary>The time limit for the lookup and all attempts together.</summary>
    public static readonly TimeSpan MaxConnect = TimeSpan.FromSeconds(15);

    /// <summary>Looks up a name with the system's resolver.</summary>
    public static Task<IPAddress[]> AskSystem(string host, CancellationToken ct) => Dns.GetHostAddressesAsync(host, ct);

    /// <summary>
    /// Returns the checked addresses of a target, for clients that open their own connections. Give them the address as host, and the name
    /// for the certificate (Npgsql: <c>TargetHost</c> of the TLS options; SqlClient: <c>HostNameInCertificate</c>). If they looked up the
    /// name again, they could get another address.
    /// </summary>
    /// <exception cref="OutboundException">The target is not allowed or has no address.</exception>
    public Task<IReadOnlyList<IPAddress>> Resolve(
        string host, int port, OutboundPurpose purpose, string organizationId, CancellationToken ct) =>
        Resolve(host, port, purpose, organizationId, mustBeListed: false, ct);

    /// <summary>Opens a connection to a checked address.</summary>
    /// <exception cref="OutboundException">The target is not allowed or does not answer.</exception>
    public Task<Stream> Connect(string host, int port, OutboundPurpose purpose, string organizationId, CancellationToken ct) =>
        Connect(host, port, purpose, organizationId, mustBeListed: false, ct);

    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="mustBeListed">True for a connection without TLS: a public address is not enough then.</param>
    /// <param name="ct">Cancels.</param>
    internal async Task<Stream> Connect(
        string host, int port, OutboundPurpose purpose, string organizationId, bool mustBeListed, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(MaxConnect, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var addresses = await Resolve(host, port, purpose, organizationId, mustBeListed, either.Token);
            for (var i = 0; ; i++)
            {
                try
                {
                    return await Open(new IPEndPoint(addresses[i], port), either.Token);
                }
                catch (Exception e) when (e is SocketException or TimeoutException && i < addresses.Count - 1)
                {
                    continue; // try the next address
                }
            }
        }
        catch (SocketException e)
        {
            throw new OutboundException(OutboundException.Unreachable, $"{host}:{port} could not be reached ({e.SocketErrorCode}).");
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new OutboundException(OutboundException.Timeout, $"{host}:{port} did not answer.");
        }
    }

    private async Task<IReadOnlyList<IPAddress>> Resolve(
        string host, int port, OutboundPurpose purpose, string organizationId, bool mustBeListed, CancellationToken ct)
    {
        var addresses = OutboundPolicy.AddressIn(host) is { } written ? [written] : await LookUp(host, ct);
        // All addresses must pass: a name with one internal address is not trusted.
        if (addresses.All(a => policy.Allows(a, port, host, purpose, organizationId)))
        {
            if (!mustBeListed || addresses.All(a => policy.Lists(a, port, host, purpose, organizationId))) return addresses;
            throw new OutboundException(
                OutboundException.AddressNotAllowed,
                $"{host} must be called with https. Only targets in Outbound:Allow can be called without it.");
        }

        if (OutboundPolicy.AddressIn(host) is not null)
        {
            throw new OutboundException(
                OutboundException.AddressNotAllowed,
                $"{host} is an internal or reserved address. Ask the operator to allow it in Outbound:Allow.");
        }

        // The caller chose the name, and must not learn from the error which internal names exist.
        if (log is not null) Log.LeadsInward(log, host, port, purpose, organizationId);
        throw Unknown(host);
    }

    private async Task<IPAddress[]> LookUp(string host, CancellationToken ct)
    {
        try
        {
            var found = await lookup(host, ct);
            if (found.Length > 0) return found;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw Unknown(host);
        }

        throw Unknown(host);
    }

    private async Task<Stream> Open(IPEndPoint target, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(OneAttempt, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && deadline.IsCancellationRequested && !ct.IsCancellationRequested)
                throw new TimeoutException();
            throw;
        }
    }

    private static OutboundException Unknown(string host) => new(
        OutboundException.Unreachable,
        $"{host} has no address that Aegis may call. If it is in your own network, ask the operator to allow it in Outbound:Allow.");
}

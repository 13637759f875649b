#pragma warning disable RS0030 // names are looked up and sockets opened here and nowhere else
using System.Net;
using System.Net.Sockets;

namespace Aegis.Kernel.Outbound;

/// <summary>Looks a name up. The only other implementation is a test's, which lies.</summary>
public delegate Task<IPAddress[]> NameLookup(string host, CancellationToken ct);

/// <summary>
/// Opens connections that <see cref="OutboundPolicy"/> allows. A name is looked up once, every address of the answer is checked, and the
/// connection goes to one that was checked: a second answer cannot lead it elsewhere.
/// </summary>
public sealed class OutboundConnections(
    OutboundPolicy policy, NameLookup lookup, TimeProvider clock, ILogger<OutboundConnections>? log = null)
{
    /// <summary>How long one address may take to answer; long enough for a lost SYN to be sent twice more.</summary>
    private static readonly TimeSpan OneAttempt = TimeSpan.FromSeconds(5);

    /// <summary>How long a lookup and all attempts may take together.</summary>
    public static readonly TimeSpan MaxConnect = TimeSpan.FromSeconds(15);

    /// <summary>The system's lookup.</summary>
    public static Task<IPAddress[]> AskSystem(string host, CancellationToken ct) => Dns.GetHostAddressesAsync(host, ct);

    /// <summary>
    /// The checked addresses of a target, for clients that connect by themselves. Give them the address as host, and the name for the
    /// certificate (Npgsql: <c>TargetHost</c> of the TLS options; SqlClient: <c>HostNameInCertificate</c>): a name they look up themselves
    /// may lead elsewhere.
    /// </summary>
    /// <exception cref="OutboundException">The target is not allowed or has no address.</exception>
    public Task<IReadOnlyList<IPAddress>> Resolve(
        string host, int port, OutboundPurpose purpose, string organizationId, CancellationToken ct) =>
        Resolve(host, port, purpose, organizationId, mustBeListed: false, ct);

    /// <summary>Opens a connection to a checked address.</summary>
    /// <exception cref="OutboundException">The target is not allowed, or does not answer.</exception>
    public Task<Stream> Connect(string host, int port, OutboundPurpose purpose, string organizationId, CancellationToken ct) =>
        Connect(host, port, purpose, organizationId, mustBeListed: false, ct);

    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    /// <param name="mustBeListed">True when the connection has no TLS: being public is not enough then.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<Stream> Connect(
        string host, int port, OutboundPurpose purpose, string organizationId, bool mustBeListed, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(MaxConnect, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
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
                    continue; // the next address
                }
            }
        }
        catch (SocketException e)
        {
            throw new OutboundException(OutboundException.Unreachable, $"{host}:{port} cannot be reached ({e.SocketErrorCode}).");
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new OutboundException(OutboundException.Timeout, $"{host}:{port} does not answer.");
        }
    }

    private async Task<IReadOnlyList<IPAddress>> Resolve(
        string host, int port, OutboundPurpose purpose, string organizationId, bool mustBeListed, CancellationToken ct)
    {
        var addresses = OutboundPolicy.AddressIn(host) is { } written ? [written] : await LookUp(host, ct);
        // All of them: a name that leads inward by half is not one to trust by half.
        if (addresses.All(a => policy.Allows(a, port, host, purpose, organizationId)))
        {
            if (!mustBeListed || addresses.All(a => policy.Lists(a, port, host, purpose, organizationId))) return addresses;
            throw new OutboundException(
                OutboundException.AddressNotAllowed, $"{host} must be called with https: only targets in Outbound:Allow may do without.");
        }

        if (OutboundPolicy.AddressIn(host) is not null)
        {
            throw new OutboundException(
                OutboundException.AddressNotAllowed,
                $"{host} is inside of a network or reserved. The operator has to allow it in Outbound:Allow.");
        }

        // Who chose the name must not learn from the answer which names there are inside.
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
        using var patience = new CancellationTokenSource(OneAttempt, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is OperationCanceledException && patience.IsCancellationRequested && !ct.IsCancellationRequested)
                throw new TimeoutException();
            throw;
        }
    }

    private static OutboundException Unknown(string host) => new(
        OutboundException.Unreachable,
        $"{host} has no address that Aegis may call. If it is a name of your own network, the operator has to allow it in Outbound:Allow.");
}

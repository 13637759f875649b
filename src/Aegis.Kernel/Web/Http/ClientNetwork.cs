using System.Net;
using System.Net.Sockets;

namespace Aegis.Kernel.Web.Http;

/// <summary>What counts as one client where calls are counted by address.</summary>
public static class ClientNetwork
{
    private const int SubscriberBytes = 8;

    /// <summary>The address; of IPv6 the network, since one subscriber has 2^64 addresses.</summary>
    public static string Of(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes(), 0, SubscriberBytes)
            : address?.ToString() ?? "unknown";
}

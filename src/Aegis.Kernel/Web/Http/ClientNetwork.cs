using System.Net;
using System.Net.Sockets;

namespace Aegis.Kernel.Web.Http;

/// <summary>Identifies a client for limits by address.</summary>
public static class ClientNetwork
{
    private const int SubscriberBytes = 8;

    /// <summary>Returns the IPv4 address, or the /64 network of an IPv6 address, because one subscriber has 2^64 addresses.</summary>
    public static string Of(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes(), 0, SubscriberBytes)
            : address?.ToString() ?? "unknown";
}

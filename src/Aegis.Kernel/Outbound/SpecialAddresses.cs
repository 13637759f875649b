using System.Net;
using System.Net.Sockets;

namespace Aegis.Kernel.Outbound;

/// <summary>
/// Addresses that are not public: the IANA special-purpose registries (RFC 6890 and its updates), everything outside global unicast, and
/// the metadata services of clouds.
/// </summary>
internal static class SpecialAddresses
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] Special = Networks(
        "0.0.0.0/8", // this network
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
        "100.64.0.0/10", // carrier-grade NAT
        "127.0.0.0/8", // loopback
        "169.254.0.0/16", // link-local
        "192.0.0.0/24", // protocol assignments
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
        "192.88.99.0/24", // 6to4 relays, withdrawn
        "198.18.0.0/15", // benchmarks
        "224.0.0.0/4", // multicast
        "240.0.0.0/4", // reserved and broadcast
        "168.63.129.16/32", // Azure's host agent, on an address that looks public
        "2001::/23", // protocol assignments, including Teredo and ORCHID
        "2001:db8::/32", "3fff::/20", // documentation
        "2002::/16"); // 6to4, which embeds an IPv4 address

    /// <summary>No allow-list entry can open these. Each leads to the credentials of the machine or to many machines at once.</summary>
    private static readonly IPNetwork[] Never = Networks(
        "0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32",
        "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32",
        "::/128", "ff00::/8", "fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128");

    /// <summary>True for a public address.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return false;
        var plain = WithoutZone(address);
        if (plain.AddressFamily is AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(plain)) return false;
        return !Special.Any(n => n.Contains(plain));
    }

    /// <summary>True for an address that no allow-list entry can open.</summary>
    public static bool IsNeverAllowed(IPAddress address)
    {
        // IPNetwork and sockets treat it as the IPv4 address, so one address would have two forms
        if (address.IsIPv4MappedToIPv6) return true;
        var plain = WithoutZone(address);
        if (Nat64.Contains(plain)) return IsNeverAllowed(new IPAddress(plain.GetAddressBytes().AsSpan(12)));
        return Never.Any(n => n.Contains(plain));
    }

    /// <summary>Removes the zone (interface) of an IPv6 address, because addresses with different zones are not equal.</summary>
    public static IPAddress WithoutZone(IPAddress address) =>
        address.AddressFamily is AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;

    private static IPNetwork[] Networks(params string[] texts) => Array.ConvertAll(texts, IPNetwork.Parse);
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Outbound;

/// <summary>One entry of <c>Outbound:Allow</c>: a target that may be called although it is not public or has no TLS.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Organization">For whom; null for every organization.</param>
/// <param name="Network">The addresses, if the target is a network or an address.</param>
/// <param name="Host">The host name, if the target is a name.</param>
/// <param name="Port">The port; null for every port.</param>
internal sealed record AllowedTarget(OutboundPurpose Purpose, string? Organization, IPNetwork? Network, string? Host, int? Port)
{
    private const string Section = "Outbound:Allow";
    private const int WidestV4 = 8; // 10.0.0.0/8; a wider network is a mistake that would disable the policy
    private const int WidestV6 = 7; // fc00::/7
    private static readonly string[] Members = ["Target", "Purpose", "Organization"];

    /// <summary>Reads the list. Each error message names the key to correct.</summary>
    public static IReadOnlyList<AllowedTarget> From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section.Value is { Length: > 0 })
            throw new StartRefusedException($"{Section} must be a list of entries with Target and Purpose.");
        return section.GetChildren().Select(Read).ToList();
    }

    /// <summary>Whether the entry applies to this purpose and organization.</summary>
    public bool IsFor(OutboundPurpose purpose, string organizationId) =>
        Purpose == purpose && (Organization is null || Organization == organizationId);

    public bool Covers(IPAddress address, string host, int port) =>
        (Port is null || Port == port)
        && (Network is { } network
            ? network.Contains(SpecialAddresses.WithoutZone(address))
            : string.Equals(Host, host, StringComparison.OrdinalIgnoreCase));

    private static AllowedTarget Read(IConfigurationSection entry)
    {
        if (entry.GetChildren().FirstOrDefault(c => !Members.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw new StartRefusedException(
                $"{unknown.Path} is unknown. An entry has Target, Purpose and, for one organization only, Organization.");

        if (!Enum.TryParse<OutboundPurpose>(entry["Purpose"], ignoreCase: true, out var purpose) || !Enum.IsDefined(purpose)
            || char.IsAsciiDigit(entry["Purpose"]![0]))
            throw new StartRefusedException($"{entry.Path}:Purpose must be 'webhook', 'vault', 'n8n' or 'db'.");

        var organization = entry["Organization"] is { Length: > 0 } id ? id : null;
        var target = entry["Target"]?.Trim() ?? "";
        var (network, host, port) = Parse(target)
            ?? throw new StartRefusedException(
                $"{entry.Path}:Target must be a network such as 10.0.0.0/8 (no wider than /{WidestV4}, IPv6 /{WidestV6}), an address, a "
                    + "host name, or an address or host name with a port.");
        return new AllowedTarget(purpose, organization, network, host, port);
    }

    private static (IPNetwork? Network, string? Host, int? Port)? Parse(string target)
    {
        if (target.Contains('/', StringComparison.Ordinal))
            return IsComplete(target) && IPNetwork.TryParse(target, out var network) && network.PrefixLength >= Widest(network.BaseAddress)
                ? (network, null, null)
                : null;
        if (IPAddress.TryParse(target, out var bare) && IsComplete(target)) return (Single(bare), null, null);

        var (name, port) = (target, (int?)null);
        if (target.LastIndexOf(':') is > 0 and var colon)
        {
            if (!ushort.TryParse(target[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                return null;
            (name, port) = (target[..colon], number);
        }

        if (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IsComplete(name)) return (Single(address), null, port);
        return Uri.CheckHostName(name) is UriHostNameType.Dns ? (null, name.TrimEnd('.'), port) : null;
    }

    /// <summary>IPAddress also parses "10" and "0x7f.1" as addresses; in this list they are mistakes.</summary>
    private static bool IsComplete(string text) => text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;

    private static IPNetwork Single(IPAddress address) => new(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128);

    private static int Widest(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork ? WidestV4 : WidestV6;
}

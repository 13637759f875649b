using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Outbound;

/// <summary>One entry of <c>Outbound:Allow</c>: a target that is open although it is inward or speaks without TLS.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Organization">For whom; null for every organization.</param>
/// <param name="Network">The addresses, when the target is a network or an address.</param>
/// <param name="Host">The name, when the target is one.</param>
/// <param name="Port">The one port; null for every port.</param>
internal sealed record AllowedTarget(OutboundPurpose Purpose, string? Organization, IPNetwork? Network, string? Host, int? Port)
{
    private const string Section = "Outbound:Allow";
    private const int WidestV4 = 8; // 10.0.0.0/8; anything wider is a slip that would switch the policy off
    private const int WidestV6 = 7; // fc00::/7
    private static readonly string[] Members = ["Target", "Purpose", "Organization"];

    /// <summary>Reads the list; each message names the key to put right.</summary>
    public static IReadOnlyList<AllowedTarget> From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section.Value is { Length: > 0 })
            throw new StartRefusedException($"{Section} must be a list of entries with Target and Purpose.");
        return section.GetChildren().Select(Read).ToList();
    }

    /// <summary>Whether the entry says anything about this use.</summary>
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
                $"{unknown.Path} is not known. An entry has Target, Purpose and, if it is for one organization only, Organization.");

        if (!Enum.TryParse<OutboundPurpose>(entry["Purpose"], ignoreCase: true, out var purpose) || !Enum.IsDefined(purpose)
            || char.IsAsciiDigit(entry["Purpose"]![0]))
            throw new StartRefusedException($"{entry.Path}:Purpose must be 'webhook', 'vault', 'n8n' or 'db'.");

        var organization = entry["Organization"] is { Length: > 0 } id ? id : null;
        var target = entry["Target"]?.Trim() ?? "";
        var (network, host, port) = Parse(target)
            ?? throw new StartRefusedException(
                $"{entry.Path}:Target must be a network such as 10.0.0.0/8 (no wider than /{WidestV4}, IPv6 /{WidestV6}), an address, a "
                    + "host name, or one of the two with a port.");
        return new AllowedTarget(purpose, organization, network, host, port);
    }

    private static (IPNetwork? Network, string? Host, int? Port)? Parse(string target)
    {
        if (target.Contains('/', StringComparison.Ordinal))
            return IsWritten(target) && IPNetwork.TryParse(target, out var network) && network.PrefixLength >= Widest(network.BaseAddress)
                ? (network, null, null)
                : null;
        if (IPAddress.TryParse(target, out var bare) && IsWritten(target)) return (Single(bare), null, null);

        var (name, port) = (target, (int?)null);
        if (target.LastIndexOf(':') is > 0 and var colon)
        {
            if (!ushort.TryParse(target[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                return null;
            (name, port) = (target[..colon], number);
        }

        if (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IsWritten(name)) return (Single(address), null, port);
        return Uri.CheckHostName(name) is UriHostNameType.Dns ? (null, name.TrimEnd('.'), port) : null;
    }

    /// <summary>IPAddress takes "10" and "0x7f.1" for addresses too; here they are slips.</summary>
    private static bool IsWritten(string text) => text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;

    private static IPNetwork Single(IPAddress address) => new(address, address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128);

    private static int Widest(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork ? WidestV4 : WidestV6;
}

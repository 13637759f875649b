using System.Net;
using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Outbound;

/// <summary>
/// Where this host may connect to: public addresses by https, and the targets that the operator listed in <c>Outbound:Allow</c>. Customers
/// choose the targets, so without this they could reach everything that the host can reach (SSRF).
/// </summary>
public sealed class OutboundPolicy
{
    private readonly IReadOnlyList<AllowedTarget> allowed;

    internal OutboundPolicy(IReadOnlyList<AllowedTarget> allowed) => this.allowed = allowed;

    /// <param name="configuration">Contains <c>Outbound:Allow</c>.</param>
    /// <param name="sandbox">Allows loopback for every purpose, because a developer's test services run on the same machine.</param>
    public static OutboundPolicy From(IConfiguration configuration, bool sandbox) => new(
        [.. AllowedTarget.From(configuration), .. sandbox ? Enum.GetValues<OutboundPurpose>().SelectMany(Loopback) : []]);

    /// <summary>
    /// Whether a connection may go to this address. It must be a resolved address, because a name does not show where it leads.
    /// </summary>
    /// <param name="address">Where the connection would go.</param>
    /// <param name="port">Port of the target.</param>
    /// <param name="host">The requested name, or the address again.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    public bool Allows(IPAddress address, int port, string host, OutboundPurpose purpose, string organizationId) =>
        SpecialAddresses.IsPublic(address) || Lists(address, port, host, purpose, organizationId);

    /// <summary>Whether the operator listed this target. Listed targets may be called without TLS.</summary>
    public bool Lists(IPAddress address, int port, string host, OutboundPurpose purpose, string organizationId) =>
        !SpecialAddresses.IsNeverAllowed(address)
        && For(purpose, organizationId).Any(a => a.Covers(address, Name(host), port));

    /// <summary>
    /// Says why a URL can never be called, or returns null when this depends on the addresses of its name. Does no DNS lookup, so
    /// validators can call it.
    /// </summary>
    public string? Objection(Uri url, OutboundPurpose purpose, string organizationId)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return "Use an absolute https address.";
        if (url.UserInfo.Length > 0) return "Remove the user name and password from the address.";
        if (Objection(url.IdnHost, url.Port, purpose, organizationId) is { } objection) return objection;
        return url.Scheme == Uri.UriSchemeHttp && !MayBeListed(url.IdnHost, url.Port, purpose, organizationId)
            ? "Use https. Plain http works only for targets that the operator of this installation has allowed."
            : null;
    }

    /// <summary>The same check for a target given as host and port.</summary>
    public string? Objection(string host, int port, OutboundPurpose purpose, string organizationId)
    {
        const string inward = "This is an internal or reserved address. Ask the operator of this installation to allow it.";
        if (AddressIn(host) is { } address) return Allows(address, port, host, purpose, organizationId) ? null : inward;
        return IsLoopbackName(Name(host)) && !MayBeListed(host, port, purpose, organizationId) ? inward : null;
    }

    /// <summary>Refuses a URL that can never be called.</summary>
    public void Require(Uri url, OutboundPurpose purpose, string organizationId)
    {
        if (Objection(url, purpose, organizationId) is { } objection)
            throw Refuse.Invalid("address_not_allowed", $"Aegis cannot call this address. {objection}");
    }

    /// <summary>Returns the IP address if the host is one, otherwise null.</summary>
    internal static IPAddress? AddressIn(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    /// <summary>
    /// Calls with the same key have the same permissions, so they may share connections; other calls must not. There are few keys, because
    /// only the operator's entries distinguish organizations.
    /// </summary>
    internal string KeyOf(OutboundPurpose purpose, string organizationId) =>
        $"{purpose} {string.Join(',', Enumerable.Range(0, allowed.Count).Where(i => allowed[i].IsFor(purpose, organizationId)))}";

    private IEnumerable<AllowedTarget> For(OutboundPurpose purpose, string organizationId) =>
        allowed.Where(a => a.IsFor(purpose, organizationId));

    private bool MayBeListed(string host, int port, OutboundPurpose purpose, string organizationId) => AddressIn(host) is { } address
        ? Lists(address, port, host, purpose, organizationId)
        : For(purpose, organizationId)
            .Any(a => (a.Port is null || a.Port == port)
                && (a.Host is null || a.Host.Equals(Name(host), StringComparison.OrdinalIgnoreCase)));

    private static string Name(string host) => host.Trim('[', ']').TrimEnd('.');

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<AllowedTarget> Loopback(OutboundPurpose purpose) =>
        [new(purpose, null, IPNetwork.Parse("127.0.0.0/8"), null, null), new(purpose, null, IPNetwork.Parse("::1/128"), null, null)];
}

using System.Net;
using Microsoft.Extensions.Configuration;

namespace Aegis.Kernel.Outbound;

/// <summary>
/// Where this host may connect to: ordinary addresses of the Internet by https, and what the operator put on <c>Outbound:Allow</c>.
/// Customers choose the targets, so without this they could reach whatever the host can reach.
/// </summary>
public sealed class OutboundPolicy
{
    private readonly IReadOnlyList<AllowedTarget> allowed;

    internal OutboundPolicy(IReadOnlyList<AllowedTarget> allowed) => this.allowed = allowed;

    /// <param name="configuration">Holds <c>Outbound:Allow</c>.</param>
    /// <param name="sandbox">Opens loopback for every purpose: what is tried out runs beside.</param>
    public static OutboundPolicy From(IConfiguration configuration, bool sandbox) => new(
        [.. AllowedTarget.From(configuration), .. sandbox ? Enum.GetValues<OutboundPurpose>().SelectMany(Loopback) : []]);

    /// <summary>
    /// Whether a connection may go to this address. What is asked for is a resolved address: a name says nothing about where it leads.
    /// </summary>
    /// <param name="address">Where the connection would go.</param>
    /// <param name="port">Port of the target.</param>
    /// <param name="host">The name that was asked for, or the address again.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="organizationId">On whose behalf.</param>
    public bool Allows(IPAddress address, int port, string host, OutboundPurpose purpose, string organizationId) =>
        SpecialAddresses.IsPublic(address) || Lists(address, port, host, purpose, organizationId);

    /// <summary>Whether the operator named this target, which then may also speak without TLS.</summary>
    public bool Lists(IPAddress address, int port, string host, OutboundPurpose purpose, string organizationId) =>
        !SpecialAddresses.IsNeverAllowed(address)
        && For(purpose, organizationId).Any(a => a.Covers(address, Name(host), port));

    /// <summary>
    /// Why a URL can never be called, or null when that depends on what its name resolves to. Looks nothing up, so validators can ask.
    /// </summary>
    public string? Objection(Uri url, OutboundPurpose purpose, string organizationId)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return "Use an absolute https address.";
        if (url.UserInfo.Length > 0) return "Use an address without a user name or password in it.";
        if (Objection(url.IdnHost, url.Port, purpose, organizationId) is { } objection) return objection;
        return url.Scheme == Uri.UriSchemeHttp && !MayBeListed(url.IdnHost, url.Port, purpose, organizationId)
            ? "Use https. Plain http is for targets that the operator of this installation has allowed."
            : null;
    }

    /// <summary>The same for a target that is named by host and port.</summary>
    public string? Objection(string host, int port, OutboundPurpose purpose, string organizationId)
    {
        const string inward = "This address is inside of a network or reserved. The operator of this installation has to allow it first.";
        if (AddressIn(host) is { } address) return Allows(address, port, host, purpose, organizationId) ? null : inward;
        return IsLoopbackName(Name(host)) && !MayBeListed(host, port, purpose, organizationId) ? inward : null;
    }

    /// <summary>Refuses a URL that can never be called.</summary>
    public void Require(Uri url, OutboundPurpose purpose, string organizationId)
    {
        if (Objection(url, purpose, organizationId) is { } objection)
            throw Refuse.Invalid("address_not_allowed", $"Aegis does not call this address. {objection}");
    }

    /// <summary>The address that is written instead of a name.</summary>
    internal static IPAddress? AddressIn(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null;

    /// <summary>
    /// Uses with the same key are allowed the same, so they may share connections; the others must not. There are few keys: only what the
    /// operator wrote tells organizations apart.
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

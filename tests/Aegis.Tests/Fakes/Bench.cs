using System.Text.Json.Nodes;
using Aegis.Kernel.Outbound;
using Aegis.Vault.Providers;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Fakes;

/// <summary>
/// Runs a vault provider without a host: outbound connections to loopback, and credentials with a validated configuration.
/// </summary>
internal static class Bench
{
    public const string Organization = "cons_456";

    /// <summary>A policy that allows loopback, as in the sandbox.</summary>
    public static OutboundPolicy Policy { get; } = OutboundPolicy.From(new ConfigurationBuilder().Build(), sandbox: true);

    /// <summary>Returns connections that use the system's names and the given ones.</summary>
    public static OutboundConnections Connections(params (string Name, string Address)[] names) => new(
        Policy,
        (host, ct) => names.FirstOrDefault(n => n.Name == host).Address is { } address
            ? Task.FromResult<IPAddress[]>([IPAddress.Parse(address)])
            : OutboundConnections.AskSystem(host, ct),
        TimeProvider.System);

    public static SafeHttp Http() => new(Policy, Connections(), TimeProvider.System);

    /// <summary>Returns a credential whose configuration was validated, split for storage and joined again.</summary>
    public static Target Credential(Provider provider, string config, string? connection = null, string name = "the-credential")
    {
        var given = JsonNode.Parse(config)!.AsObject();
        provider.Config.Require(given, "provider_config");
        var (open, secret) = provider.Config.Split(given);
        var joined = Aegis.Vault.Providers.Configuration.ConfigShape.Join(open, secret);
        JsonNode.DeepEquals(joined, given).Should().BeTrue("the stored parts join to the same configuration");
        var through = connection is null ? null : JsonNode.Parse(connection)!.AsObject();
        if (through is not null) provider.Connection.Require(through, "connection");
        return new Target(Organization, "cred_1", name, "api_key", null, joined, through);
    }

    /// <summary>Returns the validation errors of a configuration, by wire path.</summary>
    public static IReadOnlyDictionary<string, string[]> Objections(Provider provider, string config)
    {
        var require = () => provider.Config.Require(JsonNode.Parse(config)!.AsObject(), "provider_config");
        var refused = require.Should().Throw<Aegis.Kernel.Web.Refusals.RefusedException>().Which;
        return (IReadOnlyDictionary<string, string[]>)refused.Members["errors"]!;
    }

    public static Order Order(HeldValue? current = null, int attempt = 1) => new("rot_01jd3v9qzk", attempt, current);

    /// <summary>Runs a step and returns the exception that it must throw.</summary>
    public static async Task<ProviderException> Failure(Func<Task> step) => (await step.Should().ThrowAsync<ProviderException>()).Which;
}

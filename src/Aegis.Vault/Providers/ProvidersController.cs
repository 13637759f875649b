namespace Aegis.Vault.Providers;

/// <summary>A provider, which makes, accepts or checks the values of credentials.</summary>
/// <param name="Name">Its name, for <c>provider</c>.</param>
/// <param name="Connection">The kind of connection that it uses, or null.</param>
/// <param name="RotatesWithoutConfig">True when it makes new values for a credential that has no <c>provider_config</c>.</param>
/// <param name="TestsWithoutConfig">True when it can test the value of a credential that has no <c>provider_config</c>.</param>
/// <param name="ProviderConfig">JSON schema (2020-12) of <c>provider_config</c>. Members that are <c>writeOnly</c> are sealed and never
/// shown.</param>
internal sealed record ProviderItem(
    string Name, string? Connection, bool RotatesWithoutConfig, bool TestsWithoutConfig, JsonObject ProviderConfig);

/// <summary>A kind of system that an organization can connect.</summary>
/// <param name="Kind">Its name, for <c>/v1/vault/connections/{kind}</c>.</param>
/// <param name="Config">JSON schema (2020-12) of its settings.</param>
internal sealed record ConnectionKindItem(string Kind, JsonObject Config);

/// <summary>The providers and connections of this installation.</summary>
/// <param name="Providers">Sorted by name.</param>
/// <param name="Connections">Sorted by kind.</param>
internal sealed record ProviderList(IReadOnlyList<ProviderItem> Providers, IReadOnlyList<ConnectionKindItem> Connections);

/// <summary>The providers that this installation knows.</summary>
[ApiController]
[Route("v1/vault/providers")]
[Tags("Connections")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class ProvidersController(ProviderCatalogue providers, ConnectionKinds kinds) : ControllerBase
{
    /// <summary>Lists the providers with the JSON schemas of their configuration.</summary>
    /// <response code="200">Providers and kinds of connections.</response>
    [HttpGet]
    [RequireScope(Scopes.CredentialRead)]
    public ProviderList List() => new(
        providers.Names.Select(name => Describe(providers.Of(name))).ToList(),
        kinds.All.Select(k => new ConnectionKindItem(k.Name, k.Shape.Schema())).ToList());

    private static ProviderItem Describe(Provider provider) =>
        new(provider.Name, provider.ConnectionKind, provider.CanRotate([]), provider.CanTest([]), provider.Config.Schema());
}

using System.Collections.Frozen;

namespace Aegis.Vault.Providers;

/// <summary>All providers by their word on the wire.</summary>
internal sealed class ProviderCatalogue(IEnumerable<Provider> providers)
{
    private readonly FrozenDictionary<string, Provider> byName = providers.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>The words, sorted.</summary>
    public IReadOnlyList<string> Names { get; } = providers.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();

    public Provider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The provider of a stored credential, whose word was checked when it was stored.</summary>
    public Provider Of(string name) => byName[name];

    /// <summary>What <c>provider_config</c> may hold, by provider.</summary>
    public IReadOnlyDictionary<string, ConfigShape> Shapes => byName.ToDictionary(p => p.Key, p => p.Value.Config);
}

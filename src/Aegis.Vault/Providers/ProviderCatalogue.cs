using System.Collections.Frozen;

namespace Aegis.Vault.Providers;

/// <summary>All providers by name.</summary>
internal sealed class ProviderCatalogue(IEnumerable<Provider> providers)
{
    private readonly FrozenDictionary<string, Provider> byName = providers.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> Names { get; } = providers.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();

    public Provider? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The provider of a stored credential, whose name was checked before it was stored.</summary>
    public Provider Of(string name) => byName[name];

    /// <summary>The shape of <c>provider_config</c> by provider.</summary>
    public IReadOnlyDictionary<string, ConfigShape> Shapes => byName.ToDictionary(p => p.Key, p => p.Value.Config);
}

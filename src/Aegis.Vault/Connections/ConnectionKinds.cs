using System.Collections.Frozen;

namespace Aegis.Vault.Connections;

/// <summary>A kind of system that organizations connect: n8n, Supabase….</summary>
/// <param name="Name">Its name in the API.</param>
/// <param name="Shape">The members that its settings may have.</param>
/// <param name="CheckAddresses">Reports addresses in the settings that this organization may never call.</param>
internal sealed record ConnectionKind(string Name, ConfigShape Shape, Action<JsonObject, string, ConfigErrors> CheckAddresses);

/// <summary>All kinds of connections that providers use, by name.</summary>
internal sealed class ConnectionKinds
{
    private readonly FrozenDictionary<string, ConnectionKind> byName;

    public ConnectionKinds(IEnumerable<Provider> providers)
    {
        var kinds = providers.Where(p => p.ConnectionKind is not null)
            .Select(p => new ConnectionKind(p.ConnectionKind!, p.Connection, p.CheckConnectionAddresses)).DistinctBy(k => k.Name);
        All = kinds.OrderBy(k => k.Name, StringComparer.Ordinal).ToList();
        byName = All.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);
    }

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<ConnectionKind> All { get; }

    public ConnectionKind? Find(string name) => byName.GetValueOrDefault(name);
}

using System.Collections.Frozen;

namespace Aegis.Vault.Connections;

/// <summary>A kind of system that organizations connect: n8n, Supabase….</summary>
/// <param name="Name">Its word on the wire.</param>
/// <param name="Shape">What its settings may hold.</param>
/// <param name="CheckAddresses">Objects to addresses in the settings that could never be called for an organization.</param>
internal sealed record ConnectionKind(string Name, ConfigShape Shape, Action<JsonObject, string, ConfigErrors> CheckAddresses);

/// <summary>All kinds by their word on the wire: those that providers work through.</summary>
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

using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Aegis.Kernel.Outbound;
using Aegis.Vault.Providers.Configuration;

namespace Aegis.Vault.Connections;

/// <summary>A kind of system that organizations connect: n8n, Supabase….</summary>
/// <param name="Name">Its word on the wire.</param>
/// <param name="Shape">What its settings may hold.</param>
/// <param name="Purpose">What its address is called for.</param>
/// <param name="AddressMember">The member that holds its address, or null when the address is always the same.</param>
/// <param name="Complete">Brings settings into the form in which they are stored, after their check; null leaves them.</param>
internal sealed record ConnectionKind(
    string Name, ConfigShape Shape, OutboundPurpose Purpose, string? AddressMember = null, Action<JsonObject>? Complete = null);

/// <summary>All kinds by their word on the wire.</summary>
internal sealed class ConnectionKinds(IEnumerable<ConnectionKind> kinds)
{
    private readonly FrozenDictionary<string, ConnectionKind> byName = kinds.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>Sorted by name.</summary>
    public IReadOnlyList<ConnectionKind> All { get; } = kinds.OrderBy(k => k.Name, StringComparer.Ordinal).ToList();

    public ConnectionKind? Find(string name) => byName.GetValueOrDefault(name);
}

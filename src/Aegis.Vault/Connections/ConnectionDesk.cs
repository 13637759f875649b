using System.Text.Json.Nodes;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Outbound;
using Aegis.Kernel.Validation;
using Aegis.Vault.Persistence;
using Aegis.Vault.Values;
using Aegis.Vault.Providers.Configuration;

namespace Aegis.Vault.Connections;

/// <summary>Takes an organization's connections in: checked, completed, and with their secret members sealed.</summary>
internal sealed class ConnectionDesk(VaultDb db, CredentialSeal seal, OutboundPolicy policy, TimeProvider clock)
{
    private const string Member = "config";
    private const int Largest = 12_000; // characters of each part: what fits into its column, sealed or not

    /// <param name="kind">What is connected.</param>
    /// <param name="organizationId">Whose.</param>
    /// <param name="present">What is set already, or null.</param>
    /// <param name="sent">The new settings.</param>
    /// <param name="ct">Stops.</param>
    public async Task<Connection> Set(ConnectionKind kind, string organizationId, Connection? present, JsonObject sent, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var connection = present ?? Connection.Create(Ids.New("conn", now), organizationId, kind.Name, now);
        var kept = present is null ? [] : seal.OpenConfig(present.Id, present.SealedConfig);
        var config = ConfigShape.Join(sent, kept);
        kind.Shape.Require(config, Member);
        kind.Complete?.Invoke(config);
        if (kind.AddressMember is { } member && config[member]?.GetValue<string>() is { } address)
        {
            policy.Require(new Uri(address), kind.Purpose, organizationId);
            RequireSecretsForAnotherAddress(kind, present, address, sent, kept);
        }

        var (open, secret) = kind.Shape.Split(config);
        if (open.ToJsonString().Length > Largest || secret.ToJsonString().Length > Largest)
            throw Invalid.Field(Member, $"{Member} must have at most {Largest} characters.");
        connection.Take(open.ToJsonString(), seal.SealConfig(connection.Id, secret), now);
        if (present is null) db.Connections.Add(connection);
        await db.SaveChangesAsync(ct);
        return connection;
    }

    /// <summary>Who may write a connection may not read it. Kept secrets would go to whatever address is written beside them.</summary>
    private static void RequireSecretsForAnotherAddress(ConnectionKind kind, Connection? present, string address, JsonObject sent, JsonObject kept)
    {
        if (present is null || JsonNode.Parse(present.Config)![kind.AddressMember!]?.GetValue<string>() == address) return;
        if (kept.Select(m => m.Key).FirstOrDefault(name => !sent.ContainsKey(name)) is { } missing)
            throw Invalid.Field($"{Member}.{missing}", $"Send {missing} again: it belongs to another {kind.AddressMember}.");
    }
}

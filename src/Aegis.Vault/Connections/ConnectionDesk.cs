using System.Text.Json.Nodes;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Validation;
using Aegis.Vault.Persistence;
using Aegis.Vault.Providers.Configuration;
using Aegis.Vault.Values;

namespace Aegis.Vault.Connections;

/// <summary>Takes an organization's connections in: checked, and with their secret members sealed.</summary>
internal sealed class ConnectionDesk(VaultDb db, CredentialSeal seal, TimeProvider clock)
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
        var kept = present is null ? [] : seal.OpenConfig(present.Id, present.SealedConfig);
        var config = ConfigShape.Join(sent, kept);
        kind.Shape.Require(config, Member);
        RequireAddresses(kind, organizationId, config);
        var (open, secret) = kind.Shape.Split(config);
        if (open.ToJsonString().Length > Largest || secret.ToJsonString().Length > Largest)
            throw Invalid.Field(Member, $"{Member} must have at most {Largest} characters.");
        if (present is not null) RequireSecretsForAnotherPlace(present, open, sent, kept);

        var now = clock.GetUtcNow();
        var connection = present ?? Connection.Create(Ids.New("conn", now), organizationId, kind.Name, now);
        connection.Take(open.ToJsonString(), seal.SealConfig(connection.Id, secret), now);
        if (present is null) db.Connections.Add(connection);
        await db.SaveChangesAsync(ct);
        return connection;
    }

    /// <summary>Refuses addresses that could never be called; the others are checked when they are.</summary>
    private static void RequireAddresses(ConnectionKind kind, string organizationId, JsonObject config)
    {
        var errors = new ConfigErrors(Member);
        kind.CheckAddresses(config, organizationId, errors);
        if (errors.Found.Count > 0) throw Invalid.Fields(errors.Found);
    }

    /// <summary>Who may write a connection may not read it. Secrets that stayed would go to whatever address is written beside them.</summary>
    private static void RequireSecretsForAnotherPlace(Connection present, JsonObject open, JsonObject sent, JsonObject kept)
    {
        if (JsonNode.DeepEquals(JsonNode.Parse(present.Config), open)) return;
        var missing = kept.Select(m => m.Key).Where(name => !sent.ContainsKey(name)).ToDictionary(
            name => $"{Member}.{name}", name => new[] { $"Send {name} again: it belongs to the settings as they were." });
        if (missing.Count > 0) throw Invalid.Fields(missing);
    }
}

using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Connections;

/// <summary>Checks and saves the connections of an organization, with their secret members sealed.</summary>
internal sealed class ConnectionChanges(VaultDb db, CredentialSeal seal, TimeProvider clock)
{
    /// <summary>Sets a connection, or replaces one.</summary>
    /// <param name="kind">The kind of system.</param>
    /// <param name="organizationId">The organization.</param>
    /// <param name="present">The present connection, or null.</param>
    /// <param name="sent">The new settings.</param>
    /// <param name="ct">Stops.</param>
    public async Task<Connection> Set(
        ConnectionKind kind, string organizationId, Connection? present, JsonObject sent, CancellationToken ct)
    {
        var config = Intake(kind, organizationId).Replace(present is null ? null : Stored(present), sent);
        var now = clock.GetUtcNow();
        var connection = present ?? Connection.Create(Ids.New("conn", now), organizationId, kind.Name, now);
        if (present is null) db.Connections.Add(connection);
        return await Save(connection, config, ct);
    }

    /// <summary>Changes the members that are sent and leaves the others.</summary>
    public Task<Connection> Change(ConnectionKind kind, Connection connection, JsonObject patch, CancellationToken ct) =>
        Save(connection, Intake(kind, connection.OrganizationId).Merge(Stored(connection), patch), ct);

    private async Task<Connection> Save(Connection connection, StoredConfig config, CancellationToken ct)
    {
        connection.Take(config.Open.ToJsonString(), seal.SealConfig(connection.Id, config.Secret), clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return connection;
    }

    private StoredConfig Stored(Connection connection) =>
        new(JsonNode.Parse(connection.Config)!.AsObject(), seal.OpenConfig(connection.Id, connection.SealedConfig));

    private static ConfigIntake Intake(ConnectionKind kind, string organizationId) =>
        new(kind.Shape, "config", (config, errors) => kind.CheckAddresses(config, organizationId, errors));
}

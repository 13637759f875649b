namespace Aegis.Vault.Connections;

/// <summary>Reads the connections of an organization.</summary>
internal sealed class ConnectionStore(VaultDb db, CredentialSeal seal)
{
    /// <summary>The settings with their secret members, or null when the organization set none.</summary>
    public async Task<JsonObject?> Open(string organizationId, string kind, CancellationToken ct) =>
        await db.Connections.AsNoTracking().FirstOrDefaultAsync(c => c.OrganizationId == organizationId && c.Kind == kind, ct) is { } found
            ? ConfigShape.Join(JsonNode.Parse(found.Config)!.AsObject(), seal.OpenConfig(found.Id, found.SealedConfig))
            : null;

    /// <summary>The settings, or a refusal when there are none.</summary>
    public async Task<JsonObject> Require(string organizationId, string kind, CancellationToken ct) =>
        await Open(organizationId, kind, ct)
            ?? throw Refuse.Conflict("connection_missing",
                $"Your organization has no connection to {kind}. Set one with PUT /v1/vault/connections/{kind}.");
}

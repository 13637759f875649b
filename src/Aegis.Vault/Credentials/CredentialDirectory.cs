using Aegis.Contracts.Vault;

namespace Aegis.Vault.Credentials;

/// <summary>Maps names to ids and ids to names for other modules.</summary>
internal sealed class CredentialDirectory(VaultDb db) : ICredentialDirectory
{
    public Task<string?> IdOf(string organizationId, string name, CancellationToken ct) => db.Credentials.AsNoTracking()
        .Where(c => c.OrganizationId == organizationId && c.Name == name).Select(c => (string?)c.Id).FirstOrDefaultAsync(ct);

    public async Task<IReadOnlyDictionary<string, string>> NamesOf(
        string organizationId, IReadOnlyCollection<string> ids, CancellationToken ct) =>
        await db.Credentials.AsNoTracking().Where(c => c.OrganizationId == organizationId && ids.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, c => c.Name, ct);
}

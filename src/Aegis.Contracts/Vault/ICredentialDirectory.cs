namespace Aegis.Contracts.Vault;

/// <summary>The names of credentials, which nothing outside of the vault stores.</summary>
public interface ICredentialDirectory
{
    /// <summary>The id of an organization's credential, retired ones included; null when it has none of this name.</summary>
    Task<string?> IdOf(string organizationId, string name, CancellationToken ct);

    /// <summary>The names of these credentials of an organization by id; those of others are left out.</summary>
    Task<IReadOnlyDictionary<string, string>> NamesOf(string organizationId, IReadOnlyCollection<string> ids, CancellationToken ct);
}

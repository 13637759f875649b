namespace Aegis.Contracts.Vault;

/// <summary>Looks up credential names, which are stored only in the vault.</summary>
public interface ICredentialDirectory
{
    /// <summary>Returns the id of an organization's credential, also of a retired one; null when no credential has this name.</summary>
    Task<string?> IdOf(string organizationId, string name, CancellationToken ct);

    /// <summary>Returns the names of an organization's credentials by id. Credentials of other organizations are left out.</summary>
    Task<IReadOnlyDictionary<string, string>> NamesOf(string organizationId, IReadOnlyCollection<string> ids, CancellationToken ct);
}

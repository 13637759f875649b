namespace Aegis.Contracts.Identity;

/// <summary>Checks whether an API key or a login is still valid.</summary>
public interface IKeyDirectory
{
    /// <summary>
    /// False once the key is revoked or expired, the login has ended, its user is disabled or its organization is closed.
    /// </summary>
    /// <param name="credentialId"><c>key_…</c>, or <c>ses_…</c> for a person's login (<c>Caller.CredentialId</c>).</param>
    /// <param name="ct">Cancels.</param>
    Task<bool> IsActive(string credentialId, CancellationToken ct);
}

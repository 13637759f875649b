namespace Aegis.Contracts.Identity;

/// <summary>Asks whether the key or login that something was given to still stands.</summary>
public interface IKeyDirectory
{
    /// <summary>False once the key is revoked or expired, the login has ended, its user is disabled or the organization closed.</summary>
    /// <param name="credentialId"><c>key_…</c>, or <c>ses_…</c> of a person's login: <c>Caller.CredentialId</c>.</param>
    /// <param name="ct">Ends with the connection.</param>
    Task<bool> IsActive(string credentialId, CancellationToken ct);
}

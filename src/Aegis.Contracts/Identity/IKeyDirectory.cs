namespace Aegis.Contracts.Identity;

/// <summary>Asks whether what a content ticket was issued to still stands.</summary>
public interface IKeyDirectory
{
    /// <summary>False once the key is revoked or expired, or its organization is closed.</summary>
    Task<bool> IsActive(string keyId, CancellationToken ct);
}

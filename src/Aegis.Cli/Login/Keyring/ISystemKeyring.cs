namespace Aegis.Cli.Login.Keyring;

/// <summary>The keyring of the user's session: the system's, or none.</summary>
internal interface ISystemKeyring
{
    /// <summary>The key of <c>auth.json</c>; null when there is no key or no keyring.</summary>
    Task<byte[]?> FindAsync(CancellationToken ct);

    /// <summary>Stores the key.</summary>
    /// <returns>False when no keyring accepts it.</returns>
    Task<bool> StoreAsync(byte[] key, CancellationToken ct);
}

/// <summary>No keyring.</summary>
internal sealed class NoKeyring : ISystemKeyring
{
    public Task<byte[]?> FindAsync(CancellationToken ct) => Task.FromResult<byte[]?>(null);

    public Task<bool> StoreAsync(byte[] key, CancellationToken ct) => Task.FromResult(false);
}

namespace Aegis.Cli.Login.Keyring;

/// <summary>The keyring of the user's session: that of the system, or none.</summary>
internal interface ISystemKeyring
{
    /// <summary>The key of <c>auth.json</c>; null when there is none, or no keyring.</summary>
    Task<byte[]?> FindAsync(CancellationToken ct);

    /// <summary>Keeps the key.</summary>
    /// <returns>False when there is no keyring that takes it.</returns>
    Task<bool> StoreAsync(byte[] key, CancellationToken ct);
}

/// <summary>No keyring.</summary>
internal sealed class NoKeyring : ISystemKeyring
{
    public Task<byte[]?> FindAsync(CancellationToken ct) => Task.FromResult<byte[]?>(null);

    public Task<bool> StoreAsync(byte[] key, CancellationToken ct) => Task.FromResult(false);
}

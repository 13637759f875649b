namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Computes the stored digest of a key's secret: HMAC-SHA256 with a pepper derived from the installation's root secret, so that a stolen
/// database alone cannot verify a key. A slow password hash would add nothing, because the secret cannot be guessed.
/// </summary>
internal sealed class Pepper(RootSecret root)
{
    /// <summary>Stored with each key; increases when the digest is computed in another way.</summary>
    public const int Version = 1;

    private byte[]? bytes; // derived on first use, because the root secret is known only after the start

    public byte[] Mac(Secret secret) => HMACSHA256.HashData(bytes ??= root.Derive("api-key pepper"), secret.Bytes);

    public bool Proves(Secret secret, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(Mac(secret), mac);
}

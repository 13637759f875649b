namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Turns a key's secret into what is stored: HMAC-SHA256 under a pepper of the installation's root secret, so that a stolen database proves
/// no key. A slow password hash would add nothing: the secret cannot be guessed.
/// </summary>
internal sealed class Pepper(RootSecret root)
{
    /// <summary>Stored with each key; grows when keys are peppered in another way.</summary>
    public const int Version = 1;

    private byte[]? bytes; // derived on first use: the root is known once the installation has begun

    public byte[] Mac(Secret secret) => HMACSHA256.HashData(bytes ??= root.Derive("api-key pepper"), secret.Bytes);

    public bool Proves(Secret secret, ReadOnlySpan<byte> mac) => CryptographicOperations.FixedTimeEquals(Mac(secret), mac);
}

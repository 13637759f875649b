namespace Aegis.Kernel.Sealing;

/// <summary>
/// One AES-256-GCM message: nonce (12) ‖ tag (16) ‖ ciphertext (NIST SP 800-38D). Nonces are random; this is safe because each key seals
/// few messages.
/// </summary>
public static class Envelope
{
    public const int KeySize = 32;
    public const int Overhead = NonceSize + TagSize;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var message = new byte[Overhead + plaintext.Length];
        RandomNumberGenerator.Fill(message.AsSpan(0, NonceSize));
        using var gcm = new AesGcm(key, TagSize);
        gcm.Encrypt(message.AsSpan(0, NonceSize), plaintext, message.AsSpan(Overhead), message.AsSpan(NonceSize, TagSize), associatedData);
        return message;
    }

    /// <exception cref="CryptographicException">The message was changed, or the key or associated data does not match.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> associatedData)
    {
        if (message.Length < Overhead) throw new CryptographicException("A sealed message is too short.");
        var plaintext = new byte[message.Length - Overhead];
        using var gcm = new AesGcm(key, TagSize);
        gcm.Decrypt(message[..NonceSize], message[Overhead..], message.Slice(NonceSize, TagSize), plaintext, associatedData);
        return plaintext;
    }
}

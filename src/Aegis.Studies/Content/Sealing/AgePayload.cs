using System.Buffers.Binary;

namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// The payload of an age v1 file (C2SP age, "Payload"): a 16-byte nonce, then STREAM chunks of 64 KiB under
/// ChaCha20-Poly1305. The header is not stored with it. Header and payload together make a file that age opens.
/// </summary>
internal static class AgePayload
{
    public const int FileKeySize = 16;
    public const int NonceSize = 16;
    public const int ChunkSize = 64 * 1024;
    public const int TagSize = 16;
    public const int SealedChunkSize = ChunkSize + TagSize;

    private const int KeySize = 32;
    private const int ChunkNonceSize = 12;

    public static ChaCha20Poly1305 Cipher(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        if (fileKey.Length != FileKeySize) throw new ArgumentException("A file key has 16 bytes.", nameof(fileKey));

        Span<byte> key = stackalloc byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, nonce, "payload"u8);
        try
        {
            return new ChaCha20Poly1305(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Seals one chunk; <paramref name="destination"/> is 16 bytes longer than <paramref name="chunk"/>.</summary>
    public static void Seal(ChaCha20Poly1305 cipher, long number, bool last, ReadOnlySpan<byte> chunk, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[ChunkNonceSize];
        WriteNonce(nonce, number, last);
        cipher.Encrypt(nonce, chunk, destination[..chunk.Length], destination.Slice(chunk.Length, TagSize));
    }

    public static void Open(ChaCha20Poly1305 cipher, long number, bool last, ReadOnlySpan<byte> sealedChunk, Span<byte> destination)
    {
        Span<byte> nonce = stackalloc byte[ChunkNonceSize];
        WriteNonce(nonce, number, last);
        var length = sealedChunk.Length - TagSize;
        try
        {
            cipher.Decrypt(nonce, sealedChunk[..length], sealedChunk[length..], destination[..length]);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ContentCorruptException(number, e);
        }
    }

    // An 11-byte big-endian counter reveals reordered chunks. The last byte is 1 for the last chunk and reveals truncation.
    private static void WriteNonce(Span<byte> nonce, long number, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[^1] = last ? (byte)1 : (byte)0;
    }
}

using System.Security.Cryptography;

namespace Aegis.Kernel.Signing;

/// <summary>
/// Ed25519 (RFC 8032), which .NET does not have. Signing runs in constant time: no branch and no table index depends on the seed.
/// </summary>
/// <remarks>
/// Verifying is strict. S must be below L and the key must be canonically encoded; R is compared as bytes with the one that belongs to the
/// signature (the equation without cofactor, as Go and OpenSSL check it), so no other encoding of R passes. Keys of small order are refused:
/// under one of them a signature fits many messages, so it says nothing about who signed what.
/// </remarks>
public static class Ed25519
{
    public const int KeySize = 32;
    public const int SignatureSize = 64;

    private const int DigestSize = SHA512.HashSizeInBytes;

    /// <summary>The public key of a seed of 32 bytes, which is the private key.</summary>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        Span<byte> expanded = stackalloc byte[DigestSize];
        Expand(seed, expanded);
        var key = new byte[KeySize];
        BaseTable.Multiply(expanded[..Scalars.Size]).Write(key);
        CryptographicOperations.ZeroMemory(expanded);
        return key;
    }

    /// <summary>The signature of a message; always the same one for the same seed and message.</summary>
    /// <remarks>The public key is derived here and not taken from the caller: signing once with a wrong one would give the private key away.</remarks>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        Span<byte> expanded = stackalloc byte[DigestSize];
        Span<byte> nonce = stackalloc byte[Scalars.Size];
        Span<byte> challenge = stackalloc byte[Scalars.Size];
        Span<byte> key = stackalloc byte[KeySize];
        var signature = new byte[SignatureSize];

        Expand(seed, expanded);
        BaseTable.Multiply(expanded[..Scalars.Size]).Write(key);
        Digest(expanded[Scalars.Size..], [], message, nonce);
        BaseTable.Multiply(nonce).Write(signature);
        Digest(signature.AsSpan(0, KeySize), key, message, challenge);
        Scalars.MultiplyAdd(challenge, expanded[..Scalars.Size], nonce, signature.AsSpan(KeySize));

        CryptographicOperations.ZeroMemory(expanded);
        CryptographicOperations.ZeroMemory(nonce);
        return signature;
    }

    /// <summary>True when the signature is the key's over the message. Input of a wrong length is false too.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize || !Scalars.IsCanonical(signature[KeySize..])) return false;
        if (!EdwardsPoint.TryRead(publicKey, out var key) || key.IsOfSmallOrder) return false;

        Span<byte> challenge = stackalloc byte[Scalars.Size];
        Digest(signature[..KeySize], publicKey, message, challenge);
        Span<byte> expected = stackalloc byte[KeySize];
        (BaseTable.Multiply(signature[KeySize..]) + Multiply(challenge, -key)).Write(expected);
        return expected.SequenceEqual(signature[..KeySize]);
    }

    /// <summary>True for a key that <see cref="Verify"/> can use: canonical, on the curve, not of small order.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey) =>
        publicKey.Length == KeySize && EdwardsPoint.TryRead(publicKey, out var key) && !key.IsOfSmallOrder;

    /// <summary>SHA-512 of the seed: the scalar, clamped (RFC 8032 §5.1.5), and the prefix of nonces.</summary>
    private static void Expand(ReadOnlySpan<byte> seed, Span<byte> expanded)
    {
        if (seed.Length != KeySize) throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        SHA512.HashData(seed, expanded);
        expanded[0] &= 248;
        expanded[31] = (byte)((expanded[31] & 127) | 64);
    }

    private static void Digest(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> message, Span<byte> scalar)
    {
        Span<byte> digest = stackalloc byte[DigestSize];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        hash.AppendData(first);
        hash.AppendData(second);
        hash.AppendData(message);
        hash.GetHashAndReset(digest);
        Scalars.Reduce(digest, scalar);
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <summary>scalar · point for public values, four bits at a time.</summary>
    private static EdwardsPoint Multiply(ReadOnlySpan<byte> scalar, in EdwardsPoint point)
    {
        Span<EdwardsPoint> multiples = stackalloc EdwardsPoint[16];
        multiples[0] = EdwardsPoint.Neutral;
        for (var i = 1; i < multiples.Length; i++) multiples[i] = multiples[i - 1] + point;

        var result = EdwardsPoint.Neutral;
        for (var i = (2 * scalar.Length) - 1; i >= 0; i--)
        {
            result = result.Doubled().Doubled().Doubled().Doubled();
            var digit = (scalar[i / 2] >> (4 * (i & 1))) & 15;
            if (digit != 0) result += multiples[digit];
        }

        return result;
    }
}

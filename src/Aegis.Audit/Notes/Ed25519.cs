using System.Numerics;
using NSec.Cryptography;

namespace Aegis.Audit.Notes;

/// <summary>Ed25519 (RFC 8032) from libsodium, with an additional check of public keys.</summary>
/// <remarks>
/// Verification is strict: S must be below L; key and R must be canonical and not of small order. Under a key of small order one signature
/// fits many messages, so it does not show who signed what.
/// </remarks>
internal static class Ed25519
{
    public const int KeySize = 32;
    public const int SignatureSize = 64;

    private const byte SignBit = 0x80;

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Mod(-121665 * BigInteger.ModPow(121666, P - 2, P)); // of the curve −x² + y² = 1 + d·x²·y²

    /// <summary>The public key of a seed of 32 bytes, which is the private key.</summary>
    /// <exception cref="ArgumentException">The seed does not have 32 bytes.</exception>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        using var key = Import(seed);
        return key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>The signature of a message. It is deterministic.</summary>
    /// <exception cref="ArgumentException">The seed does not have 32 bytes.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        using var key = Import(seed);
        return SignatureAlgorithm.Ed25519.Sign(key, message);
    }

    /// <summary>True if the signature of this key is valid for the message. Input of a wrong length gives false.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        publicKey.Length == KeySize
        && signature.Length == SignatureSize
        && PublicKeyOf(publicKey) is { } key
        && SignatureAlgorithm.Ed25519.Verify(key, message, signature);

    /// <summary>
    /// True for a key that <see cref="Verify"/> can use: canonical, on the curve, not of small order. The library itself accepts any 32
    /// bytes.
    /// </summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != KeySize) return false;
        Span<byte> bytes = stackalloc byte[KeySize];
        publicKey.CopyTo(bytes);
        bytes[^1] &= unchecked((byte)~SignBit);
        var y = new BigInteger(bytes, isUnsigned: true);
        if (y >= P) return false;
        var y2 = y * y % P;
        var x2 = Mod((y2 - 1) * BigInteger.ModPow((D * y2 + 1) % P, P - 2, P));
        var isOnCurve = BigInteger.ModPow(x2, (P - 1) / 2, P).IsOne; // x² has a root; x = 0 has order 1 or 2
        var isOfOrder4Or8 = y.IsZero || ((x2 + y2) % P).IsZero;
        return isOnCurve && !isOfOrder4Or8;
    }

    private static BigInteger Mod(BigInteger number) => (number % P + P) % P;

    private static NSec.Cryptography.PublicKey? PublicKeyOf(ReadOnlySpan<byte> bytes) =>
        NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key) ? key : null;

    private static Key Import(ReadOnlySpan<byte> seed) => seed.Length == KeySize
        ? Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey)
        : throw new ArgumentException("A seed must have 32 bytes.", nameof(seed));
}

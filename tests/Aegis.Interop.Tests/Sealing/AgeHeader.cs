using System.Numerics;

namespace Aegis.Interop.Tests.Sealing;

/// <summary>
/// The header of an age v1 file for one X25519 recipient (C2SP age). The exchange stores no headers. With a header, age opens its files.
/// </summary>
internal static class AgeHeader
{
    private const int KeySize = 32;
    private const string Label = "age-encryption.org/v1/X25519";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"; // BIP 173

    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    /// <param name="recipient">age1…</param>
    /// <param name="fileKey">The key that seals the payload.</param>
    public static byte[] For(string recipient, byte[] fileKey)
    {
        var theirs = Decode(recipient);
        var secret = RandomNumberGenerator.GetBytes(KeySize);
        byte[] basePoint = [9, .. new byte[KeySize - 1]];
        var share = X25519(secret, basePoint);
        var wrappingKey = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, X25519(secret, theirs), KeySize, [.. share, .. theirs], Encoding.ASCII.GetBytes(Label));
        var (body, tag) = (new byte[fileKey.Length], new byte[16]);
        using (var cipher = new ChaCha20Poly1305(wrappingKey)) cipher.Encrypt(new byte[12], fileKey, body, tag); // used once: nonce 0

        var text = $"age-encryption.org/v1\n-> X25519 {Base64(share)}\n{Base64([.. body, .. tag])}\n---";
        var macKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, KeySize, info: "header"u8.ToArray());
        return Encoding.ASCII.GetBytes($"{text} {Base64(HMACSHA256.HashData(macKey, Encoding.ASCII.GetBytes(text)))}\n");
    }

    /// <summary>RFC 7748, section 5. Slow and not in constant time, which is acceptable in a test.</summary>
    public static byte[] X25519(byte[] scalar, byte[] point)
    {
        byte[] clamped = [(byte)(scalar[0] & 248), .. scalar[1..31], (byte)(scalar[31] & 127 | 64)];
        var k = new BigInteger(clamped, isUnsigned: true);
        var u = new BigInteger([.. point[..31], (byte)(point[31] & 127)], isUnsigned: true);
        var (x2, z2, x3, z3) = (BigInteger.One, BigInteger.Zero, u, BigInteger.One);
        for (var bit = 254; bit >= 0; bit--)
        {
            var swap = !(k >> bit).IsEven;
            if (swap) (x2, z2, x3, z3) = (x3, z3, x2, z2);
            var (sum, difference) = (Mod(x2 + z2), Mod(x2 - z2));
            var (aa, bb) = (Mod(sum * sum), Mod(difference * difference));
            var (da, cb) = (Mod((x3 - z3) * sum), Mod((x3 + z3) * difference));
            var e = Mod(aa - bb);
            (x3, z3) = (Mod((da + cb) * (da + cb)), Mod(u * Mod((da - cb) * (da - cb))));
            (x2, z2) = (Mod(aa * bb), Mod(e * (aa + 121665 * e)));
            if (swap) (x2, z2, x3, z3) = (x3, z3, x2, z2);
        }

        var result = Mod(x2 * BigInteger.ModPow(z2, Prime - 2, Prime)).ToByteArray(isUnsigned: true);
        return [.. result, .. new byte[KeySize - result.Length]];
    }

    private static byte[] Decode(string recipient)
    {
        var value = BigInteger.Zero;
        var data = recipient[(recipient.LastIndexOf('1') + 1)..^6]; // without the checksum
        foreach (var letter in data) value = value << 5 | Bech32.IndexOf(letter, StringComparison.Ordinal);
        value >>= data.Length * 5 - KeySize * 8;
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[KeySize - bytes.Length], .. bytes];
    }

    private static BigInteger Mod(BigInteger value) => (value % Prime + Prime) % Prime;

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}

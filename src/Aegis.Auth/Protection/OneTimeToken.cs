using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Auth.Protection;

/// <summary>A random token that is shown once and stored as its SHA-256. With 256 random bits it needs no slow hash.</summary>
internal static class OneTimeToken
{
    private const int Size = 32;
    private const int Length = 43; // of 32 bytes in base64url

    public static (string Text, byte[] Hash) Draw()
    {
        var text = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(Size));
        return (text, HashOf(text));
    }

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>True if the text has the format of a token. Other text is not looked up.</summary>
    public static bool IsWellFormed(string? text) =>
        text?.Length == Length && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Compares in constant time. A missing hash takes the same time.</summary>
    public static bool Proves(string presented, byte[]? hash) =>
        CryptographicOperations.FixedTimeEquals(HashOf(presented), hash ?? new byte[SHA256.HashSizeInBytes]);
}

using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Aegis.Auth.Access.Keys;

/// <summary>
/// The text of an API key: <c>aegis_[test_]</c>, id (12), secret (32), checksum (6), all base62. The checksum is the CRC-32 of everything
/// before it, so that a mistyped key costs no query and secret scanners have no false alarms.
/// </summary>
/// <param name="IsTest">True for a sandbox key.</param>
/// <param name="PublicId">The part that finds the row. It is not secret.</param>
/// <param name="Secret">About 190 random bits.</param>
internal sealed partial record KeyText(bool IsTest, string PublicId, Secret Secret)
{
    public const string Prefix = "aegis_";
    public const int PublicIdLength = 12;

    private const string TestMark = "test_";
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 32;
    private const int ChecksumLength = 6;
    private const int BodyLength = PublicIdLength + SecretLength + ChecksumLength;

    private static readonly SearchValues<char> Base62Set = SearchValues.Create(Base62);

    /// <summary>Generates a new key. Its text is shown once and never stored.</summary>
    public static (KeyText Key, string Text) Draw(bool isTest)
    {
        // GetString has no bias: it rejects numbers beyond the last multiple of 62.
        var id = RandomNumberGenerator.GetString(Base62, PublicIdLength);
        var secret = RandomNumberGenerator.GetString(Base62, SecretLength);
        var text = $"{Prefix}{(isTest ? TestMark : "")}{id}{secret}";
        return (new KeyText(isTest, id, SecretOf(secret)), text + Checksum(text));
    }

    /// <summary>Matches text that looks like a key, anywhere in a longer text.</summary>
    [GeneratedRegex("aegis_(test_)?[0-9A-Za-z]{50}")]
    public static partial Regex Shape();

    /// <summary>True if the text has the format and the checksum of a key.</summary>
    public static bool IsWellFormed(string? text) => text is not null && Body(text) is { Length: > 0 };

    /// <summary>Reads a presented key, or returns null when it is malformed.</summary>
    public static KeyText? Read(string text)
    {
        var body = Body(text);
        return body.Length == 0
            ? null
            : new KeyText(IsTestKey(text), body[..PublicIdLength].ToString(), SecretOf(body.Slice(PublicIdLength, SecretLength)));
    }

    /// <summary>The first characters of a key, which are not secret.</summary>
    public static string Hint(bool isTest, string publicId) => $"{Prefix}{(isTest ? TestMark : "")}{publicId}…";

    private static bool IsTestKey(string text) => text.AsSpan(Prefix.Length).StartsWith(TestMark, StringComparison.Ordinal);

    /// <summary>The text after the prefix, or nothing when the key is malformed.</summary>
    private static ReadOnlySpan<char> Body(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return default;
        var body = text.AsSpan(Prefix.Length + (IsTestKey(text) ? TestMark.Length : 0));
        if (body.Length != BodyLength || body.ContainsAnyExcept(Base62Set)) return default;
        return body[^ChecksumLength..].SequenceEqual(Checksum(text.AsSpan(0, text.Length - ChecksumLength))) ? body : default;
    }

    private static Secret SecretOf(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        return new Secret(bytes);
    }

    private static string Checksum(ReadOnlySpan<char> text) => string.Create(ChecksumLength, Crc32(text), static (digits, rest) =>
    {
        for (var i = digits.Length - 1; i >= 0; i--, rest /= (uint)Base62.Length)
            digits[i] = Base62[(int)(rest % (uint)Base62.Length)];
    });

    /// <summary>CRC-32 (ISO-HDLC, as in zip and PNG) of ASCII text, one byte for each character.</summary>
    internal static uint Crc32(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[text.Length];
        Encoding.ASCII.GetBytes(text, bytes);
        return System.IO.Hashing.Crc32.HashToUInt32(bytes);
    }
}

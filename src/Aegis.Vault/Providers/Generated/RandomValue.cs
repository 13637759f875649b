using System.Buffers.Text;

namespace Aegis.Vault.Providers.Generated;

/// <summary>Makes random values in the alphabet that their users accept.</summary>
internal static class RandomValue
{
    public const int DefaultBytes = 32;
    private const int MinBytes = 16;
    private const int MaxBytes = 128;
    private const string Alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Symbols = "!#%*+-./:=?@^_~"; // no character that must be escaped in shells, URLs and quoted text alike

    /// <summary>The configuration members for the length and alphabet of values.</summary>
    public static readonly IReadOnlyList<ConfigField> Fields =
    [
        new WholeField("bytes", $"Strength of a new value in random bytes; default {DefaultBytes}.", MinBytes, MaxBytes),
        new ChoiceField("alphabet", "The characters of a new value; default base64url.",
            ["base64url", "hex", "alnum", "symbols"]),
    ];

    /// <summary>Makes a value as configured.</summary>
    public static string Make(JsonObject config)
    {
        var bytes = config["bytes"]?.GetValue<int>() ?? DefaultBytes;
        return config["alphabet"]?.GetValue<string>() switch
        {
            "hex" => RandomNumberGenerator.GetHexString(bytes * 2, lowercase: true),
            "alnum" => Letters(bytes, Alnum),
            "symbols" => Complete(bytes),
            _ => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes)),
        };
    }

    /// <summary>
    /// Makes a password of letters and digits with at least one upper-case letter, one lower-case letter and one digit. Password policies
    /// require that, and every client can send it.
    /// </summary>
    public static string Password()
    {
        while (true)
        {
            var password = Letters(24, Alnum);
            if (password.Any(char.IsAsciiLetterUpper) && password.Any(char.IsAsciiLetterLower) && password.Any(char.IsAsciiDigit))
                return password;
        }
    }

    private static string Complete(int bytes)
    {
        while (true)
        {
            var text = Letters(bytes, Alnum + Symbols);
            if (text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiDigit)
                && text.Any(c => Symbols.Contains(c))) return text;
        }
    }

    /// <summary>Makes as many characters as are needed for that many random bytes.</summary>
    private static string Letters(int bytes, string alphabet) =>
        RandomNumberGenerator.GetString(alphabet, (int)Math.Ceiling(bytes * 8 / Math.Log2(alphabet.Length)));
}

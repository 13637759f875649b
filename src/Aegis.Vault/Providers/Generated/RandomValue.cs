using System.Buffers.Text;

namespace Aegis.Vault.Providers.Generated;

/// <summary>Makes values nobody can guess, in the alphabet that their users can take.</summary>
internal static class RandomValue
{
    public const int DefaultBytes = 32;
    private const int MinBytes = 16;
    private const int MaxBytes = 128;
    private const string Alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Symbols = "!#%*+-./:=?@^_~"; // none that a shell, a URL's userinfo or a quoted text needs escaped everywhere

    /// <summary>The members of a configuration that say how values look.</summary>
    public static readonly IReadOnlyList<ConfigField> Fields =
    [
        new WholeField("bytes", $"Strength of a new value in random bytes; {DefaultBytes} when it is not given.", MinBytes, MaxBytes),
        new ChoiceField("alphabet", "The characters of a new value; base64url when it is not given.",
            ["base64url", "hex", "alnum", "symbols"]),
    ];

    /// <summary>A value as the configuration wants it.</summary>
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
    /// A password of letters and digits with at least one of each kind, which password policies ask for and every client can send.
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

    /// <summary>As many characters as hold that many random bytes.</summary>
    private static string Letters(int bytes, string alphabet) =>
        RandomNumberGenerator.GetString(alphabet, (int)Math.Ceiling(bytes * 8 / Math.Log2(alphabet.Length)));
}

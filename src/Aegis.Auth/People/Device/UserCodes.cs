using System.Buffers;
using System.Text;

namespace Aegis.Auth.People.Device;

/// <summary>
/// What a person types: four letters and four digits, <c>BCDF-1234</c>. No vowels, so no words come up, and no L; letters and digits have
/// their own places, so none is taken for another. 1.3 × 10⁹ codes live ten minutes, and a person may be wrong ten times (RFC 8628 §5.1).
/// </summary>
internal sealed class UserCodes(RootSecret root)
{
    private const string Letters = "BCDFGHJKMNPQRSTVWXZ";
    private const string Digits = "0123456789";
    private const int Half = 4;

    private static readonly SearchValues<char> LetterSet = SearchValues.Create(Letters);
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);

    private byte[]? key; // derived on first use: the root is known once the installation has begun

    public static string Draw() => $"{RandomNumberGenerator.GetString(Letters, Half)}-{RandomNumberGenerator.GetString(Digits, Half)}";

    /// <summary>The code in its one form, however it was typed; null when it cannot be one.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > 4 * Half) return null;
        var text = new string([.. typed.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '–' or '.'))]).ToUpperInvariant();
        return text.Length == 2 * Half && text.AsSpan(0, Half).IndexOfAnyExcept(LetterSet) < 0
            && text.AsSpan(Half).IndexOfAnyExcept(DigitSet) < 0
            ? $"{text[..Half]}-{text[Half..]}"
            : null;
    }

    /// <summary>What is stored: under a key of the installation, since so few codes could be tried out.</summary>
    public byte[] HashOf(string code) => HMACSHA256.HashData(key ??= root.Derive("device user codes"), Encoding.ASCII.GetBytes(code));
}

using System.Buffers;
using System.Text;

namespace Aegis.Auth.People.Device;

/// <summary>
/// The codes that people type: four letters and four digits, <c>BCDF-1234</c>. There are no vowels, so that no words appear, and no L.
/// Letters and digits have fixed positions, so that none is taken for another. There are 1.3 × 10⁹ codes; one works for ten minutes, and a
/// person may type ten wrong ones in that time (RFC 8628 §5.1).
/// </summary>
internal sealed class UserCodes(RootSecret root)
{
    private const string Letters = "BCDFGHJKMNPQRSTVWXZ";
    private const string Digits = "0123456789";
    private const int Half = 4;

    private static readonly SearchValues<char> LetterSet = SearchValues.Create(Letters);
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);

    private byte[]? key; // derived on first use, because the root secret is not known before the installation has started

    public static string Draw() => $"{RandomNumberGenerator.GetString(Letters, Half)}-{RandomNumberGenerator.GetString(Digits, Half)}";

    /// <summary>The typed code in its canonical form; null when it is malformed.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > 4 * Half) return null;
        var text = new string([.. typed.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '–' or '.'))]).ToUpperInvariant();
        return text.Length == 2 * Half && text.AsSpan(0, Half).IndexOfAnyExcept(LetterSet) < 0
            && text.AsSpan(Half).IndexOfAnyExcept(DigitSet) < 0
            ? $"{text[..Half]}-{text[Half..]}"
            : null;
    }

    /// <summary>
    /// The digest that is stored. It is keyed with a key of the installation, because all codes could be tried against a hash.
    /// </summary>
    public byte[] HashOf(string code) => HMACSHA256.HashData(key ??= root.Derive("device user codes"), Encoding.ASCII.GetBytes(code));
}

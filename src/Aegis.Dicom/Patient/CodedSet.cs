namespace Aegis.Dicom.Patient;

/// <summary>
/// One coded character set that takes a half of the code table (PS3.3 tables C.12-2 to C.12-4): of one byte a character or of two.
/// Its characters come from the tables of the runtime's code pages, which no provider has to be registered for.
/// </summary>
internal sealed class CodedSet
{
    private const char None = '\uFFFF';
    private const int Rows = 94;

    private readonly char[] characters;

    private CodedSet(bool isDouble, char[] characters) => (IsDouble, this.characters) = (isDouble, characters);

    /// <summary>A character has two bytes.</summary>
    public bool IsDouble { get; }

    /// <summary>ISO-IR 6, and ISO-IR 14, which differs from it in two signs that are no letters.</summary>
    public static CodedSet Ascii { get; } = new(false, [.. Enumerable.Range(0x20, 96).Select(x => (char)x)]);

    /// <summary>ISO-IR 13: half-width katakana in the right half.</summary>
    public static CodedSet Katakana { get; } =
        new(false, [.. Enumerable.Range(0, 96).Select(x => x is >= 1 and <= 63 ? (char)(0xFF60 + x) : None)]);

    /// <summary>The right half of an ISO 8859 part or of TIS 620.</summary>
    public static CodedSet UpperHalf(int codePage)
    {
        var decoder = Strict(codePage);
        return new(false, [.. Enumerable.Range(0xA0, 96).Select(x => Decode(decoder, [(byte)x]))]);
    }

    /// <summary>
    /// A set of 94 × 94, from a code page that has it with the high bit of the first byte set, and of the second if
    /// <paramref name="second"/> says so.
    /// </summary>
    public static CodedSet Double(int codePage, byte second = 0x80)
    {
        var decoder = Strict(codePage);
        return new(true, [.. Enumerable.Range(0, Rows * Rows)
            .Select(x => Decode(decoder, [(byte)(0xA1 + x / Rows), (byte)(0x21 + x % Rows | second)]))]);
    }

    /// <summary>The character of one byte; false where the set has none.</summary>
    public bool TryDecode(byte code, out char character)
    {
        character = characters[(code & 0x7F) - 0x20];
        return character != None;
    }

    /// <summary>The character of two bytes; false where the set has none.</summary>
    public bool TryDecode(byte first, byte second, out char character)
    {
        var (row, cell) = ((first & 0x7F) - 0x21, (second & 0x7F) - 0x21);
        character = row is >= 0 and < Rows && cell is >= 0 and < Rows ? characters[row * Rows + cell] : None;
        return character != None;
    }

    /// <summary>An encoding that throws rather than guesses.</summary>
    public static Encoding Strict(int codePage)
    {
        var encoding = codePage is 20127 or 28591 or 65001
            ? Encoding.GetEncoding(codePage)
            : CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    // Code pages put private characters of their own into gaps; two systems do not agree on those.
    private static char Decode(Encoding decoder, byte[] code)
    {
        try
        {
            return decoder.GetString(code) is [var character and (< '\uE000' or > '\uF8FF')] ? character : None;
        }
        catch (DecoderFallbackException)
        {
            return None;
        }
    }
}

namespace Aegis.Dicom.Patient;

/// <summary>
/// One coded character set for a half of the code table (PS3.3 tables C.12-2 to C.12-4), with one or two bytes per character.
/// Its characters come from the runtime's code pages, which need no registered provider.
/// </summary>
internal sealed class CodedSet
{
    private const char None = '\uFFFF';
    private const int Rows = 94;

    private readonly char[] characters;

    private CodedSet(bool isDouble, char[] characters) => (IsDouble, this.characters) = (isDouble, characters);

    /// <summary>A character has two bytes.</summary>
    public bool IsDouble { get; }

    /// <summary>ISO-IR 6. Also used for ISO-IR 14, which differs in two characters that are not letters.</summary>
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
    /// A set of 94 × 94 characters, from a code page that sets the high bit of the first byte. <paramref name="second"/> says whether it
    /// also sets that of the second.
    /// </summary>
    public static CodedSet Double(int codePage, byte second = 0x80)
    {
        var decoder = Strict(codePage);
        return new(true, [.. Enumerable.Range(0, Rows * Rows)
            .Select(x => Decode(decoder, [(byte)(0xA1 + x / Rows), (byte)(0x21 + x % Rows | second)]))]);
    }

    /// <summary>Decodes one byte; false when the set has no such character.</summary>
    public bool TryDecode(byte code, out char character)
    {
        character = characters[(code & 0x7F) - 0x20];
        return character != None;
    }

    /// <summary>Decodes two bytes; false when the set has no such character.</summary>
    public bool TryDecode(byte first, byte second, out char character)
    {
        var (row, cell) = ((first & 0x7F) - 0x21, (second & 0x7F) - 0x21);
        character = row is >= 0 and < Rows && cell is >= 0 and < Rows ? characters[row * Rows + cell] : None;
        return character != None;
    }

    /// <summary>An encoding that throws on invalid bytes instead of guessing.</summary>
    public static Encoding Strict(int codePage)
    {
        var encoding = codePage is 20127 or 28591 or 65001
            ? Encoding.GetEncoding(codePage)
            : CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    // Code pages fill gaps with private-use characters. Two systems do not agree on those.
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

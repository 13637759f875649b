using System.Buffers;

namespace Aegis.Dicom.Deidentification;

/// <summary>Grammar of AS, CS, DS and IS (PS3.5 table 6.2-1). Any other value may contain anything and is dropped.</summary>
internal static class ValueGrammar
{
    private const int MaxCodeBytes = 16;
    private const int MaxIntegerBytes = 12;

    // The standard allows 16, but scanners write 17 digits of a double. More digits carry no more information than 16.
    private const int MaxDecimalBytes = 32;

    private static readonly SearchValues<byte> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _"u8);

    public static bool Accepts(Vr vr, ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)'\\'))
        {
            var text = value[part].Trim(" \0"u8);
            if (text.Length == 0) continue;
            if (!AcceptsOne(vr, text)) return false;
        }
        return true;
    }

    /// <summary>
    /// A short text without control characters. Viewers stop at a NUL, so nobody reviewed what follows it. An escape starts another
    /// character set.
    /// </summary>
    public static bool IsTerm(Vr vr, ReadOnlySpan<byte> value)
    {
        if (value.TrimEnd(" \0"u8).IndexOfAnyInRange((byte)0, (byte)31) >= 0) return false;
        foreach (var part in value.Split((byte)'\\'))
            if (value[part].Length > TermBytes(vr)) return false;
        return true;
    }

    // The number of characters each representation allows (PS3.5 table 6.2-1), at four bytes each.
    private static int TermBytes(Vr vr) => vr switch
    {
        Vr.SH or Vr.AE => 16 * 4,
        Vr.LO => 64 * 4,
        _ => 1024 * 4,
    };

    private static bool AcceptsOne(Vr vr, ReadOnlySpan<byte> text) => vr switch
    {
        Vr.CS => text.Length <= MaxCodeBytes && text.IndexOfAnyExcept(CodeCharacters) < 0,
        Vr.IS => text.Length <= MaxIntegerBytes && Digits(Unsigned(text)),
        Vr.DS => text.Length <= MaxDecimalBytes && Decimal(text),
        Vr.AS => text.Length == 4 && Digits(text[..3]) && text[3] is (byte)'D' or (byte)'W' or (byte)'M' or (byte)'Y',
        _ => false,
    };

    private static bool Decimal(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'E', (byte)'e');
        if (exponent >= 0)
        {
            if (!Digits(Unsigned(text[(exponent + 1)..]))) return false;
            text = text[..exponent];
        }
        text = Unsigned(text);
        var point = text.IndexOf((byte)'.');
        if (point < 0) return Digits(text);
        var whole = text[..point];
        var fraction = text[(point + 1)..];
        return whole.Length + fraction.Length > 0 && (whole.IsEmpty || Digits(whole)) && (fraction.IsEmpty || Digits(fraction));
    }

    private static ReadOnlySpan<byte> Unsigned(ReadOnlySpan<byte> text) => text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;

    private static bool Digits(ReadOnlySpan<byte> text) => text.Length > 0 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Treats values of AS, CS, DS and IS one by one. A value that follows the grammar stays, one whose meaning is certain is corrected,
/// and any other is dropped alone, so that its neighbours keep their positions.
/// </summary>
internal static class GrammarValues
{
    private const int ThousandsDigits = 3;

    /// <summary>
    /// Appends the values that may stay. Returns whether a value was dropped, and whether any is left.
    /// </summary>
    /// <param name="tag">The attribute.</param>
    /// <param name="vr">The representation that the values must follow.</param>
    /// <param name="asTermsOnly">The file declares another representation: of codes only defined terms stay.</param>
    /// <param name="value">Values separated by backslashes.</param>
    /// <param name="kept">Receives the values.</param>
    /// <param name="identity">Values that repeat the patient's identity do not stay.</param>
    public static (bool Dropped, bool Left) Keep(
        uint tag, Vr vr, bool asTermsOnly, ReadOnlySpan<byte> value, List<byte> kept, RepeatedIdentity? identity = null)
    {
        var (dropped, left) = (false, false);
        foreach (var part in value.Split((byte)'\\'))
        {
            if (part.Start.Value > 0) kept.Add((byte)'\\');
            var text = value[part].Trim(" \0"u8);
            if (text.IsEmpty) continue;
            if (identity?.IsIn(tag, text) is not true && Accept(tag, vr, asTermsOnly, text) is { } one)
            {
                kept.AddRange(one);
                left = true;
            }
            else dropped = true;
        }
        return (dropped, left);
    }

    /// <summary>The value in the form that may stay; null when its meaning is not certain.</summary>
    public static byte[]? Accept(uint tag, Vr vr, bool asTermsOnly, ReadOnlySpan<byte> text)
    {
        if (ValueGrammar.Accepts(vr, text) && !(asTermsOnly && vr is Vr.CS)) return text.ToArray();
        return vr switch
        {
            Vr.CS => Term(tag, text),
            Vr.DS => Decimal(text),
            Vr.IS => Integer(text),
            _ => null,
        };
    }

    private static byte[]? Term(uint tag, ReadOnlySpan<byte> text)
    {
        if (text.Length > 16) return null;
        var upper = Encoding.Latin1.GetString(text).ToUpperInvariant();
        return DefinedTerms.Has(tag, upper) ? Encoding.ASCII.GetBytes(upper) : null;
    }

    // 0,5 is always a half. 1,024 may be a thousand.
    private static byte[]? Decimal(ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        if (comma < 0 || text.Contains((byte)'.')) return null;
        var whole = text[..comma].Trim("+-"u8);
        var fraction = text[(comma + 1)..];
        if (fraction.Length == ThousandsDigits && whole.Length is > 0 and <= ThousandsDigits && whole[0] != '0') return null;
        var point = text.ToArray();
        point[comma] = (byte)'.';
        return ValueGrammar.Accepts(Vr.DS, point) ? point : null;
    }

    // 7.00 becomes 7. 14.5 is not an integer but is kept: some readers accept it.
    private static byte[]? Integer(ReadOnlySpan<byte> text)
    {
        if (text.Length > 16 || text.IndexOfAny("eE"u8) >= 0 || !ValueGrammar.Accepts(Vr.DS, text)) return null;
        var point = text.IndexOf((byte)'.');
        if (point < 0) return null;
        return point > 0 && text[(point + 1)..].IndexOfAnyExcept((byte)'0') < 0 && ValueGrammar.Accepts(Vr.IS, text[..point])
            ? text[..point].ToArray()
            : text.ToArray();
    }
}

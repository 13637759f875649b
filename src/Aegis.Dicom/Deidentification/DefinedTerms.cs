namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Values that the standard defines for an attribute (Tables/defined-terms.tsv). Only such a one is recognised in another case.
/// </summary>
internal static class DefinedTerms
{
    /// <summary>What an unknown modality is written as: no defined term, so somebody has to look.</summary>
    public const string OtherModality = "OT";

    private static readonly FrozenDictionary<uint, FrozenSet<string>> Terms = EmbeddedTable.Rows("defined-terms.tsv").ToFrozenDictionary(
        row => uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        row => row[1].Split(',').ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The attribute has this term.</summary>
    public static bool Has(uint tag, string term) => Terms.TryGetValue(tag, out var terms) && terms.Contains(term);

    /// <summary>The character sets of a value as the standard spells them (PS3.3 C.12.1.1.2); null for one it does not know.</summary>
    public static string? CharacterSet(string term)
    {
        var upper = term.Trim(' ', '\0').ToUpperInvariant();
        if (upper.Length == 0) return "";
        if (upper is "UTF-8" or "UTF8" or "ISO_IR_192") return "ISO_IR 192";
        var spelt = upper.Replace("ISO-IR", "ISO_IR", StringComparison.Ordinal).Replace("ISO IR", "ISO_IR", StringComparison.Ordinal)
            .Replace("ISO_IR_", "ISO_IR ", StringComparison.Ordinal);
        return Has(Part10.Tags.CharacterSet, spelt) ? spelt : null;
    }
}

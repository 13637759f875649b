namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Values that the standard defines for an attribute (Tables/defined-terms.tsv). Only these are recognised in another letter case.
/// </summary>
internal static class DefinedTerms
{
    /// <summary>Replaces an unknown modality. It marks the pixels as a risk, so a person has to look at them.</summary>
    public const string OtherModality = "OT";

    private static readonly FrozenDictionary<uint, FrozenSet<string>> Terms = EmbeddedTable.Rows("defined-terms.tsv").ToFrozenDictionary(
        row => uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        row => row[1].Split(',').ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The standard defines this term for the attribute.</summary>
    public static bool Has(uint tag, string term) => Terms.TryGetValue(tag, out var terms) && terms.Contains(term);

    /// <summary>The character set in the standard's spelling (PS3.3 C.12.1.1.2); null when it is unknown.</summary>
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

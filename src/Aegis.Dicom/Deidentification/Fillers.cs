namespace Aegis.Dicom.Deidentification;

/// <summary>
/// What stands where nobody knew the patient's number or name (Tables/fillers.tsv): many patients share it, and it tells of none.
/// </summary>
internal static class Fillers
{
    private static readonly FrozenSet<string> Words =
        EmbeddedTable.Rows("fillers.tsv").SelectMany(row => row[0].Split(' ')).Select(Folded).ToFrozenSet(StringComparer.Ordinal);

    public static bool Has(string text) => Words.Contains(Folded(text));

    // Letters without their marks; a number counts as it is, so that ANON4711 stays one.
    private static string Folded(string text) =>
        text.Any(char.IsDigit) ? string.Concat(text.ToUpperInvariant().Where(char.IsLetterOrDigit)) : Letters.Only(text);
}

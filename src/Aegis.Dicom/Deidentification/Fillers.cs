namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Values that people enter when they do not know the patient's number or name (Tables/fillers.tsv). Many patients share them.
/// </summary>
internal static class Fillers
{
    private static readonly FrozenSet<string> Words =
        EmbeddedTable.Rows("fillers.tsv").SelectMany(row => row[0].Split(' ')).Select(Folded).ToFrozenSet(StringComparer.Ordinal);

    public static bool Has(string text) => Words.Contains(Folded(text));

    // Folds to letters without marks. Text with digits keeps them, so that ANON4711 counts as a number.
    private static string Folded(string text) =>
        text.Any(char.IsDigit) ? string.Concat(text.ToUpperInvariant().Where(char.IsLetterOrDigit)) : Letters.Only(text);
}

namespace Aegis.Dicom.Patient;

/// <summary>
/// Reduces a name to what two systems agree on: NFKD, letters only, upper case. The decompositions are a table because
/// string.Normalize does nothing when globalization is invariant, and its result would differ between machines.
/// </summary>
internal static class Letters
{
    private static readonly FrozenDictionary<char, string> Decompositions = EmbeddedTable.Rows("decompositions.tsv").ToFrozenDictionary(
        row => (char)int.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), row => row[1]);

    public static string Only(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes()) // rare ideographs are two chars
        {
            if (rune.IsBmp && Decompositions.TryGetValue((char)rune.Value, out var decomposed))
                letters.Append(decomposed.ToUpperInvariant());
            else if (Rune.IsLetter(rune)) letters.Append(Rune.ToUpperInvariant(rune));
        }
        return letters.ToString();
    }
}

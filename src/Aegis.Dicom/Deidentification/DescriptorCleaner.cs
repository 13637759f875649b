namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Clean Descriptors (PS3.15 E.3.5): of a description only the words of Tables/descriptor-words.tsv stay.
/// Numbers are never kept: they may be a date or an identifier.
/// </summary>
internal static class DescriptorCleaner
{
    private const int MaxShortBytes = 16;
    private const int MaxLongBytes = 64;

    private static readonly FrozenSet<string> Words =
        EmbeddedTable.Rows("descriptor-words.tsv").SelectMany(row => row[0].Split(' ')).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The known words in upper case, separated by blanks; empty when none is known.</summary>
    public static byte[] Clean(Vr vr, ReadOnlySpan<byte> value)
    {
        var kept = new StringBuilder();
        var max = vr is Vr.SH ? MaxShortBytes : MaxLongBytes;
        foreach (var word in Encoding.Latin1.GetString(value).ToUpperInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Words.Contains(word) || kept.Length + 1 + word.Length > max) continue;
            if (kept.Length > 0) kept.Append(' ');
            kept.Append(word);
        }
        return Encoding.ASCII.GetBytes(kept.ToString());
    }

    /// <summary>The list contains every word of the text. It contains no numbers or symbols.</summary>
    public static bool KnowsAll(ReadOnlySpan<byte> text) =>
        Array.TrueForAll(Encoding.Latin1.GetString(text).ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Words.Contains);

    private static readonly char[] Separators =
        [.. Enumerable.Range(0, 128).Select(x => (char)x).Where(x => !char.IsAsciiLetterOrDigit(x))];
}

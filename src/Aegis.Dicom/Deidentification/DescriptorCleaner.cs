namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Clean Descriptors (PS3.15 E.3.5): of a description only the words of Tables/descriptor-words.tsv stay.
/// Numbers are no words: they may be a date or an identifier.
/// </summary>
internal static class DescriptorCleaner
{
    private const int MaxShortBytes = 16;
    private const int MaxLongBytes = 64;

    private static readonly FrozenSet<string> Words =
        EmbeddedTable.Rows("descriptor-words.tsv").SelectMany(row => row[0].Split(' ')).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Upper-case words separated by a blank; empty when none is known.</summary>
    public static byte[] Clean(Vr vr, ReadOnlySpan<byte> value)
    {
        var kept = new StringBuilder();
        var max = vr is Vr.SH ? MaxShortBytes : MaxLongBytes;
        foreach (var word in Encoding.Latin1.GetString(value).ToUpperInvariant().Split(NotInWords, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Words.Contains(word) || kept.Length + 1 + word.Length > max) continue;
            if (kept.Length > 0) kept.Append(' ');
            kept.Append(word);
        }
        return Encoding.ASCII.GetBytes(kept.ToString());
    }

    /// <summary>Every word of the text is known; numbers and signs are no words.</summary>
    public static bool KnowsAll(ReadOnlySpan<byte> text) =>
        Array.TrueForAll(Encoding.Latin1.GetString(text).ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Words.Contains);

    private static readonly char[] NotInWords =
        [.. Enumerable.Range(0, 128).Select(x => (char)x).Where(x => !char.IsAsciiLetterOrDigit(x))];
}

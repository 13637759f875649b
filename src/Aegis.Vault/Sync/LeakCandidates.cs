namespace Aegis.Vault.Sync;

/// <summary>
/// The parts of a text that could be a value: the whole text, and the parts between spaces, quotes and the characters that surround tokens.
/// </summary>
internal static class LeakCandidates
{
    /// <summary>Shorter values occur by chance in many texts.</summary>
    public const int MinLength = 8;

    private const int MaxLength = Credentials.CredentialRules.MaxValueLength;
    private static readonly char[] Quotes = ['"', '\'', '`', '“', '”'];
    private static readonly char[] Brackets = [',', ';', '(', ')', '[', ']', '{', '}', '<', '>', '|', '&', '?', '#', '\\'];
    private static readonly char[] Separators = ['=', ':', '@', '/', '$'];

    public static HashSet<string> Of(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Add(found, text);
        Add(found, text.Trim());
        foreach (var word in Words(text))
        {
            AddParts(found, word);
            if (word.Contains('%', StringComparison.Ordinal)) AddParts(found, Uri.UnescapeDataString(word));
        }

        return found;
    }

    private static void AddParts(HashSet<string> found, string word)
    {
        Add(found, word);
        foreach (var part in word.Split(Brackets, StringSplitOptions.RemoveEmptyEntries).Append(word))
        {
            Add(found, part);
            Add(found, part.TrimEnd('.', ',', ';', ':', '!'));
            foreach (var separator in Separators)
            {
                // A value may contain these characters itself, so both the part after the first one and the parts between them are tried.
                var first = part.IndexOf(separator, StringComparison.Ordinal);
                if (first < 0) continue;
                Add(found, part[(first + 1)..]);
                foreach (var piece in part.Split(separator)) Add(found, piece);
            }

            foreach (var piece in part.Split(Separators, StringSplitOptions.RemoveEmptyEntries)) Add(found, piece);
        }
    }

    private static IEnumerable<string> Words(string text) => text.Split(Quotes, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(p => p.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static void Add(HashSet<string> found, string candidate)
    {
        if (candidate.Length is >= MinLength and <= MaxLength) found.Add(candidate);
    }
}

namespace Aegis.Dicom.Patient;

/// <summary>One letter or digit of a name: its base in upper case, and the marks on it in a fixed order.</summary>
internal readonly record struct NameLetter(int Base, string Marks)
{
    /// <summary>
    /// In these scripts a name may lack its marks, because many systems cannot write them. In all others a mark is a letter (Thai ดี, ดู).
    /// </summary>
    public bool MayLoseMarks => Base is (>= 'A' and <= 'Z') or (>= 0xC0 and <= 0x24F) or (>= 0x1E00 and <= 0x1EFF) // Latin
        or (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF) // Greek
        or (>= 0x590 and <= 0x5FF) // Hebrew
        or (>= 0x600 and <= 0x6FF) or (>= 0x750 and <= 0x77F) or (>= 0x8A0 and <= 0x8FF); // Arabic

    public bool IsLatin => Base is (>= 'A' and <= 'Z') or (>= 0xC0 and <= 0x24F) or (>= 0x1E00 and <= 0x1EFF);
}

/// <summary>
/// Splits a name into letters: NFKD, upper case, without punctuation. The decompositions are a table because string.Normalize
/// does nothing when globalization is invariant, and its result would differ between machines.
/// </summary>
internal static class NameLetters
{
    private const int Hangul = 0xAC00, LeadingJamo = 0x1100, VowelJamo = 0x1161, TrailingJamo = 0x11A7; // Unicode 3.12
    private const int HangulSyllables = 11172, Vowels = 21, Trailings = 28;
    private const string Acute = "\u0301", Grave = "\u0300", Diaeresis = "\u0308", DotAbove = "\u0307";
    private const string CyrillicVowels = "АЕИОУЫЭЮЯІЄѢ";

    private static readonly FrozenDictionary<char, string> Decompositions = EmbeddedTable.Rows("name-letters.tsv").ToFrozenDictionary(
        row => (char)Hex(row[0]), row => string.Concat(row[1].Split(' ').Select(x => (char)Hex(x))));

    /// <summary>The letters and digits of one word. Other characters, such as hyphens, are skipped.</summary>
    public static NameLetter[] Of(string word)
    {
        var letters = new List<NameLetter>(word.Length);
        var marks = new List<int>();
        var isOpen = false; // a mark belongs to the letter directly before it
        foreach (var rune in Decompose(word).EnumerateRunes())
        {
            if (IsIgnored(rune)) continue;
            if (IsMark(rune))
            {
                if (isOpen) marks.Add(rune.Value);
                continue;
            }

            ApplyMarks(letters, marks);
            isOpen = Rune.IsLetter(rune) || Rune.IsDigit(rune);
            if (isOpen) letters.Add(new(Upper(rune), ""));
        }

        ApplyMarks(letters, marks);
        return [.. letters];
    }

    private static void ApplyMarks(List<NameLetter> letters, List<int> marks)
    {
        if (marks.Count == 0) return;
        marks.Sort(); // canonical order would need a table, and no two names differ only in the order of marks
        letters[^1] = Normalize(letters[^1].Base, string.Concat(marks.Select(char.ConvertFromUtf32)));
        marks.Clear();
    }

    /// <summary>Drops marks that are spelling variants: stress in Cyrillic, ё for е, and the dot of a Turkish İ.</summary>
    private static NameLetter Normalize(int letter, string marks)
    {
        if (letter == 'I') marks = marks.Replace(DotAbove, "", StringComparison.Ordinal);
        if (letter is < 0x400 or > 0x52F) return new(letter, marks);
        if (CyrillicVowels.Contains((char)letter, StringComparison.Ordinal))
            marks = marks.Replace(Acute, "", StringComparison.Ordinal).Replace(Grave, "", StringComparison.Ordinal);
        return new(letter, letter == 'Е' ? marks.Replace(Diaeresis, "", StringComparison.Ordinal) : marks);
    }

    private static string Decompose(string text)
    {
        var parts = new StringBuilder(text.Length);
        foreach (var one in text)
        {
            if (one - Hangul is >= 0 and < HangulSyllables and var syllable) AppendJamo(parts, syllable);
            else if (Decompositions.TryGetValue(one, out var decomposed)) parts.Append(decomposed);
            else parts.Append(one);
        }
        return parts.ToString();
    }

    private static void AppendJamo(StringBuilder parts, int syllable)
    {
        parts.Append((char)(LeadingJamo + syllable / (Vowels * Trailings))).Append((char)(VowelJamo + syllable / Trailings % Vowels));
        if (syllable % Trailings > 0) parts.Append((char)(TrailingJamo + syllable % Trailings));
    }

    private static int Upper(Rune rune)
    {
        if (Rune.IsDigit(rune)) return '0' + (int)Rune.GetNumericValue(rune);
        return Rune.ToUpperInvariant(rune).Value switch
        {
            'ı' => 'I', // in Turkish, its capital is I
            'ẞ' => 'ß',
            var upper => upper,
        };
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Glyph variants, Arabic elongation, letter-like apostrophes, joiners: they change how a name looks, not the name.
    private static bool IsIgnored(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x640 or (>= 0x2B9 and <= 0x2FF)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;

    private static int Hex(string code) => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

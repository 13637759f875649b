namespace Aegis.Dicom.Patient;

/// <summary>
/// The spelling of a name, and whether two spellings are the same name. Replacement works in one direction, from a letter to its
/// substitute (ü to u or ue). Two sides without such a letter are compared as written: MUELLER is not MULLER.
/// </summary>
internal sealed class Spelling(NameLetter[] letters)
{
    private const string Diaeresis = "\u0308", Ring = "\u030A";

    private readonly NameLetter[] letters = letters;

    public static Spelling Of(string word) => new(NameLetters.Of(word));

    public bool IsEmpty => letters.Length == 0;

    /// <summary>The name has marks that other systems omit.</summary>
    public bool HasMarks => Array.Exists(letters, x => x.Marks.Length > 0 && x.MayLoseMarks);

    public bool IsLatin => Array.Exists(letters, x => x.IsLatin);

    /// <summary>The base letters, for look-up in a word list.</summary>
    public string Bare => string.Concat(letters.Select(x => char.ConvertFromUtf32(x.Base)));

    public static Spelling Join(IEnumerable<Spelling> words) => new([.. words.SelectMany(x => x.letters)]);

    public bool IsInitialOf(Spelling word, bool marksCount) => letters.Length == 1 && word.letters.Length > 1
        && (IsSame(new([word.letters[0]]), marksCount) || Replacements(word.letters[0], marksCount).Any(x => x[0] == letters[0].Base));

    /// <param name="other">The other side.</param>
    /// <param name="marksCount">Both names have marks, so the marks must agree. A side that writes marks would have written ł and ø
    /// too.</param>
    public bool IsSame(Spelling other, bool marksCount)
    {
        var (a, b) = (letters, other.letters);
        if (a.Length > 2 * b.Length || b.Length > 2 * a.Length) return false; // a replacement has at most two letters

        var width = b.Length + 1;
        var reached = new bool[(a.Length + 1) * width]; // the first i and j letters of the two sides match
        reached[0] = true;
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (!reached[i * width + j]) continue;
                if (i < a.Length && j < b.Length && Agree(a[i], b[j], marksCount)) reached[(i + 1) * width + j + 1] = true;
                foreach (var x in i < a.Length ? Replacements(a[i], marksCount) : [])
                    if (StartsWith(b.AsSpan(j), x)) reached[(i + 1) * width + j + x.Length] = true;
                foreach (var x in j < b.Length ? Replacements(b[j], marksCount) : [])
                    if (StartsWith(a.AsSpan(i), x)) reached[(i + x.Length) * width + j + 1] = true;
            }
        }

        return reached[^1];
    }

    private static bool Agree(NameLetter a, NameLetter b, bool marksCount) =>
        a.Base == b.Base && (a.Marks == b.Marks || (!marksCount && a.MayLoseMarks && (a.Marks.Length == 0 || b.Marks.Length == 0)));

    private static bool StartsWith(ReadOnlySpan<NameLetter> letters, string replacement)
    {
        if (letters.Length < replacement.Length) return false;
        for (var i = 0; i < replacement.Length; i++)
            if (letters[i].Base != replacement[i] || letters[i].Marks.Length > 0) return false;
        return true;
    }

    private static string[] Replacements(NameLetter letter, bool marksCount) => (letter.Base, letter.Marks) switch
    {
        ('A', Diaeresis) or ('Æ', "") => ["AE"],
        ('A', Ring) => ["AA"],
        ('O', Diaeresis) or ('Œ', "") => ["OE"],
        ('U', Diaeresis) => ["UE"],
        ('ß', "") => ["SS"],
        ('Þ', "") => ["TH"],
        ('Ø', "") => marksCount ? ["OE"] : ["O", "OE"],
        ('Ł', "") => marksCount ? [] : ["L"],
        ('Đ' or 'Ð', "") => marksCount ? [] : ["D"],
        ('Ħ', "") => marksCount ? [] : ["H"],
        ('Ŧ', "") => marksCount ? [] : ["T"],
        _ => [],
    };
}

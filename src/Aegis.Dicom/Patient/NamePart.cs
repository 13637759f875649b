namespace Aegis.Dicom.Patient;

/// <summary>Whether the family names or given names of two sides agree.</summary>
internal enum NameAgreement
{
    Same,

    /// <summary>The same first given name; further ones are abbreviated or missing on one side.</summary>
    Shortened,

    Different,

    /// <summary>One side has no name.</summary>
    Unknown,
}

/// <summary>A family name, or given names, as words.</summary>
internal sealed class NamePart
{
    private static readonly char[] Separators = [.. " ,\t\u00A0\u3000"];

    private NamePart(IReadOnlyList<Spelling> words) => Words = words;

    public IReadOnlyList<Spelling> Words { get; }

    private Spelling Whole => Spelling.Join(Words);

    private bool HasMarks => Words.Any(x => x.HasMarks);

    /// <summary>Names in different scripts cannot be compared.</summary>
    public bool IsLatin => Words.Any(x => x.IsLatin);

    public static NamePart Of(string? text) => new([.. (text ?? "").Split(Separators).Select(Spelling.Of).Where(x => !x.IsEmpty)]);

    public static NameAgreement CompareFamily(NamePart a, NamePart b)
    {
        (a, b) = (a.WithoutGeneration(), b.WithoutGeneration());
        if (a.Words.Count == 0 || b.Words.Count == 0) return NameAgreement.Unknown;
        return a.Whole.IsSame(b.Whole, a.HasMarks && b.HasMarks) ? NameAgreement.Same : NameAgreement.Different;
    }

    public static NameAgreement CompareGiven(NamePart a, NamePart b)
    {
        if (a.Words.Count == 0 || b.Words.Count == 0) return NameAgreement.Unknown;
        var marksCount = a.HasMarks && b.HasMarks;
        if (a.Whole.IsSame(b.Whole, marksCount)) return NameAgreement.Same; // Anne Marie, Anne-Marie, AnneMarie
        if (!a.Words[0].IsSame(b.Words[0], marksCount)) return NameAgreement.Different;
        return GivenNames.MayBeShortened(a.Words, b.Words, marksCount) ? NameAgreement.Shortened : NameAgreement.Different;
    }

    // PN has a separate component for JR and III, which is not compared. Many systems write them after the family name.
    private NamePart WithoutGeneration() =>
        Words.Count > 1 && Words[^1].Bare is "JR" or "SR" or "JNR" or "SNR" or "II" or "III" or "IV" ? new([.. Words.SkipLast(1)]) : this;
}

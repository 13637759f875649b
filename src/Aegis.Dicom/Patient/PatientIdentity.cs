namespace Aegis.Dicom.Patient;

/// <summary>
/// The patient as a file names it (PS3.3 C.7.1.1: Patient's Name, Patient's Birth Date). For comparison in memory only:
/// it prints as ***. Null means absent, empty or in a character set that cannot be decoded.
/// </summary>
/// <remarks>
/// The rules of comparing are spread over this folder: <see cref="PersonName"/> reads a value, <see cref="NamePart"/> compares family
/// names and given names, <see cref="GivenNames"/> knows when one may be missing, <see cref="Spelling"/> which letters are the same, and
/// <see cref="NameLetters"/> what a letter is. Character sets are decoded by <see cref="SpecificCharacterSet"/>. When in doubt two names
/// differ.
/// </remarks>
public sealed record PatientIdentity(string? FamilyName, string? GivenName, string? BirthDate)
{
    /// <summary>Digest of name and birth date byte for byte, so that one which cannot be read has an identity too.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The same name in ideographs and as it is spoken, where the file has them.</summary>
    internal IReadOnlyList<PersonName> OtherGroups { get; init; } = [];

    private IReadOnlyList<PersonName> Groups => [new(FamilyName, GivenName), .. OtherGroups];

    /// <summary>Compares with the patient a request names; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientMatch Matches(string familyName, string givenName, string birthDate) => Compare(familyName, givenName, birthDate).Match;

    /// <summary>Compares with the patient a request names, and says what differs; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientComparison Compare(string familyName, string givenName, string birthDate)
    {
        var asked = new PersonName(familyName, givenName);
        var (family, given) = CompareNames(Groups[0], asked);
        // A request may name the patient as another group of the file does; a group counts only when it fits as a whole.
        foreach (var other in OtherGroups)
        {
            var found = CompareNames(other, asked);
            if (found is (NameAgreement.Same, NameAgreement.Same or NameAgreement.Shortened) && !IsSame(family, given))
                (family, given) = found;
        }

        return PatientComparison.Of(family, given, CompareDates(BirthDate, birthDate));
    }

    /// <summary>Two files name two people: by their birth dates, or by names that can be compared.</summary>
    public bool IsAnotherThan(PatientIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (CompareDates(BirthDate, other.BirthDate) is NameAgreement.Different) return true;
        if (OtherGroups.Count == other.OtherGroups.Count)
            return Groups.Zip(other.Groups).Any(x => CanBeCompared(x.First, x.Second) && AreTwo(x.First, x.Second));
        // One file has ideographs that the other lacks: any group that both have in common is enough.
        var pairs = Groups.SelectMany(x => other.Groups.Where(y => CanBeCompared(x, y)).Select(y => AreTwo(x, y))).ToList();
        return pairs.Count > 0 && pairs.TrueForAll(x => x);
    }

    /// <summary>
    /// A name as keyed fingerprints of requests fold it: letters only, upper case, without any marks. It is kept as it was because
    /// fingerprints are stored. Two people may fold to one text, so it says nothing about whether a study is a patient's.
    /// </summary>
    public static string Fold(string name) => Letters.Only(name);

    public override string ToString() => "***";

    private static bool IsSame(NameAgreement family, NameAgreement given) => family is NameAgreement.Same && given is NameAgreement.Same;

    private static bool CanBeCompared(PersonName a, PersonName b)
    {
        var (one, other) = (NamePart.Of(a.Family), NamePart.Of(b.Family));
        return one.Words.Count > 0 && other.Words.Count > 0 && one.IsLatin == other.IsLatin;
    }

    private static bool AreTwo(PersonName a, PersonName b)
    {
        var (family, given) = CompareNames(a, b);
        return family is NameAgreement.Different || given is NameAgreement.Different;
    }

    private static (NameAgreement Family, NameAgreement Given) CompareNames(PersonName a, PersonName b) => (
        NamePart.CompareFamily(NamePart.Of(a.Family), NamePart.Of(b.Family)),
        NamePart.CompareGiven(NamePart.Of(a.Given), NamePart.Of(b.Given)));

    private static NameAgreement CompareDates(string? a, string? b) =>
        string.IsNullOrEmpty(a) || string.IsNullOrEmpty(b) ? NameAgreement.Unknown : a == b ? NameAgreement.Same : NameAgreement.Different;
}

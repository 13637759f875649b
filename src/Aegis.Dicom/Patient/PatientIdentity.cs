namespace Aegis.Dicom.Patient;

/// <summary>
/// The patient as a file names it (PS3.3 C.7.1.1: Patient's Name, Patient's Birth Date). For comparison in memory only;
/// it prints as ***. Null means absent, empty, or in a character set that cannot be decoded.
/// </summary>
/// <remarks>
/// <see cref="SpecificCharacterSet"/> decodes a name, and returns nothing rather than a guess. <see cref="PersonName"/> splits it.
/// <see cref="NamePart"/> compares family names and given names. <see cref="GivenNames"/> decides when a given name may be missing,
/// <see cref="Spelling"/> which letters agree, and <see cref="NameLetters"/> what a letter is. When in doubt, two names differ.
/// </remarks>
public sealed record PatientIdentity(string? FamilyName, string? GivenName, string? BirthDate)
{
    /// <summary>Digest of the bytes of name and birth date, so that an undecodable name has an identity too.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The same name in ideographic and phonetic form, when the file has them.</summary>
    internal IReadOnlyList<PersonName> OtherGroups { get; init; } = [];

    private IReadOnlyList<PersonName> Groups => [new(FamilyName, GivenName), .. OtherGroups];

    /// <summary>Compares with the patient a request names; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientMatch Matches(string familyName, string givenName, string birthDate) => Compare(familyName, givenName, birthDate).Match;

    /// <summary>Compares with the patient a request names, and says what differs; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientComparison Compare(string familyName, string givenName, string birthDate)
    {
        var asked = new PersonName(familyName, givenName);
        var (family, given) = CompareNames(Groups[0], asked);
        // A request may use the name of another group. A group counts only when family and given names both match.
        foreach (var other in OtherGroups)
        {
            var found = CompareNames(other, asked);
            if (found is (NameAgreement.Same, NameAgreement.Same or NameAgreement.Shortened) && !IsSame(family, given))
                (family, given) = found;
        }

        return PatientComparison.Of(family, given, CompareDates(BirthDate, birthDate));
    }

    /// <summary>Two files name different people: by birth date, or by comparable names.</summary>
    public bool IsAnotherThan(PatientIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (CompareDates(BirthDate, other.BirthDate) is NameAgreement.Different) return true;
        if (OtherGroups.Count == other.OtherGroups.Count)
            return Groups.Zip(other.Groups).Any(x => CanBeCompared(x.First, x.Second) && AreTwo(x.First, x.Second));
        // One file may lack ideographs that the other has. One agreeing pair of groups is enough.
        var pairs = Groups.SelectMany(x => other.Groups.Where(y => CanBeCompared(x, y)).Select(y => AreTwo(x, y))).ToList();
        return pairs.Count > 0 && pairs.TrueForAll(x => x);
    }

    /// <summary>
    /// A name as keyed fingerprints of requests fold it: letters only, upper case, without marks. It never changes, because fingerprints
    /// are stored. Two people may fold to the same text, so it proves nothing about whose study it is.
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

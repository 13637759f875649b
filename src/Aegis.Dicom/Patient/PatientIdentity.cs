namespace Aegis.Dicom.Patient;

/// <summary>Whether a file belongs to the patient a request names.</summary>
public enum PatientMatch
{
    Match,
    Mismatch,

    /// <summary>Something to compare is missing or cannot be decoded, and nothing that was compared differs.</summary>
    Unverifiable,
}

/// <summary>
/// The patient as a file names it (PS3.3 C.7.1.1: Patient's Name, Patient's Birth Date). For comparison in memory only:
/// it prints as ***. Null means absent, empty or in a character set that cannot be decoded.
/// </summary>
public sealed record PatientIdentity(string? FamilyName, string? GivenName, string? BirthDate)
{
    /// <summary>The same name in ideographs and as it is spoken, where the file has them.</summary>
    internal IReadOnlyList<(string? Family, string? Given)> OtherGroups { get; init; } = [];

    /// <summary>Compares with the patient a request names; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientMatch Matches(string familyName, string givenName, string birthDate)
    {
        var name = Both(CompareNames(FamilyName, familyName), CompareNames(GivenName, givenName));
        // A request may name the patient as another group of the file does; a group counts only when it fits as a whole.
        foreach (var (family, given) in OtherGroups)
            if (Both(CompareNames(family, familyName), CompareNames(given, givenName)) is PatientMatch.Match) name = PatientMatch.Match;
        return Both(name, CompareDates(BirthDate, birthDate));
    }

    private static PatientMatch Both(PatientMatch one, PatientMatch other) => (one, other) switch
    {
        (PatientMatch.Mismatch, _) or (_, PatientMatch.Mismatch) => PatientMatch.Mismatch,
        (PatientMatch.Match, PatientMatch.Match) => PatientMatch.Match,
        _ => PatientMatch.Unverifiable,
    };

    /// <summary>A name as it is compared: decomposed, letters only, upper case. Two names are the same when this is.</summary>
    public static string Fold(string name) => Letters.Only(name);

    public override string ToString() => "***";

    private static PatientMatch CompareNames(string? found, string expected)
    {
        var (a, b) = (Fold(found ?? ""), Fold(expected));
        if (a.Length == 0 || b.Length == 0) return PatientMatch.Unverifiable;
        return a == b ? PatientMatch.Match : PatientMatch.Mismatch;
    }

    private static PatientMatch CompareDates(string? found, string expected) =>
        string.IsNullOrEmpty(found) ? PatientMatch.Unverifiable : found == expected ? PatientMatch.Match : PatientMatch.Mismatch;
}

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
    /// <summary>Compares with the patient a request names; <paramref name="birthDate"/> is YYYYMMDD.</summary>
    public PatientMatch Matches(string familyName, string givenName, string birthDate)
    {
        ReadOnlySpan<PatientMatch> parts = [CompareNames(FamilyName, familyName), CompareNames(GivenName, givenName), CompareDates(BirthDate, birthDate)];
        return parts.Contains(PatientMatch.Mismatch) ? PatientMatch.Mismatch
            : parts.Contains(PatientMatch.Unverifiable) ? PatientMatch.Unverifiable
            : PatientMatch.Match;
    }

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

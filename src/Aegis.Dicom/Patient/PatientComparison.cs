namespace Aegis.Dicom.Patient;

/// <summary>Whether a file belongs to the patient a request names.</summary>
public enum PatientMatch
{
    Match,
    Mismatch,

    /// <summary>A part is missing or cannot be decoded, and no compared part differs.</summary>
    Unverifiable,
}

/// <summary>The result of comparing patients. It says which parts differ, never their values.</summary>
/// <param name="Match">The decision.</param>
/// <param name="Differs">Constants of this type: the parts that differ.</param>
/// <param name="GivenNamesDiffer">The patients match, but further given names are abbreviated or missing on one side.</param>
public sealed record PatientComparison(PatientMatch Match, IReadOnlyList<string> Differs, bool GivenNamesDiffer)
{
    public const string FamilyName = "family_name";
    public const string GivenName = "given_name";
    public const string BirthDate = "birth_date";

    internal static PatientComparison Of(NameAgreement family, NameAgreement given, NameAgreement birthDate)
    {
        (string Code, NameAgreement Agreement)[] parts = [(FamilyName, family), (GivenName, given), (BirthDate, birthDate)];
        string[] differs = [.. parts.Where(x => x.Agreement is NameAgreement.Different).Select(x => x.Code)];
        var match = differs.Length > 0 ? PatientMatch.Mismatch
            : Array.Exists(parts, x => x.Agreement is NameAgreement.Unknown) ? PatientMatch.Unverifiable
            : PatientMatch.Match;
        return new(match, differs, match is not PatientMatch.Mismatch && given is NameAgreement.Shortened);
    }
}

namespace Aegis.Dicom.Patient;

/// <summary>Whether a file belongs to the patient a request names.</summary>
public enum PatientMatch
{
    Match,
    Mismatch,

    /// <summary>Something to compare is missing or cannot be decoded, and nothing that was compared differs.</summary>
    Unverifiable,
}

/// <summary>What a comparison of patients found. It says what differs and never how.</summary>
/// <param name="Match">The decision.</param>
/// <param name="Differs">Words of this type: which of the three are different people's.</param>
/// <param name="GivenNamesDiffer">They match, and given names behind the first are abbreviated or missing on one side.</param>
public sealed record PatientComparison(PatientMatch Match, IReadOnlyList<string> Differs, bool GivenNamesDiffer)
{
    public const string FamilyName = "family_name";
    public const string GivenName = "given_name";
    public const string BirthDate = "birth_date";

    internal static PatientComparison Of(NameAgreement family, NameAgreement given, NameAgreement birthDate)
    {
        (string Word, NameAgreement Agreement)[] parts = [(FamilyName, family), (GivenName, given), (BirthDate, birthDate)];
        string[] differs = [.. parts.Where(x => x.Agreement is NameAgreement.Different).Select(x => x.Word)];
        var match = differs.Length > 0 ? PatientMatch.Mismatch
            : Array.Exists(parts, x => x.Agreement is NameAgreement.Unknown) ? PatientMatch.Unverifiable
            : PatientMatch.Match;
        return new(match, differs, match is not PatientMatch.Mismatch && given is NameAgreement.Shortened);
    }
}

using Aegis.Dicom.Patient;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Checks that the study is of the requested patient, and of one patient only. The rules for names are in Aegis.Dicom/Patient.
/// </summary>
internal sealed class PatientChecks(Patient asked, Findings findings)
{
    /// <summary>Given names after the first are abbreviated or missing in the file or in the request.</summary>
    public const string GivenNamesDiffer = "given_names_differ";

    /// <summary>Patient ID is not the same in all instances.</summary>
    public const string PatientIdChanges = "patient_id_changes";

    /// <summary>Patient's Sex is not the same in all instances.</summary>
    public const string SexChanges = "patient_sex_changes";

    private const int MaxSpellings = 32; // of one patient in one study; each new one is compared with all before it

    private readonly Dictionary<string, PatientComparison> compared = new(StringComparer.Ordinal);
    private readonly List<PatientIdentity> spellings = [];
    private string? patientId;
    private string? sex;

    /// <summary>Checks one instance and returns the codes of its warnings.</summary>
    public IEnumerable<string> Check(ReceivedInstance instance)
    {
        var found = instance.Report.Patient;
        if (!compared.TryGetValue(found.Digest, out var comparison))
            compared.Add(found.Digest, comparison = Compare(found, instance.Position));
        if (comparison.Match is PatientMatch.Mismatch)
            findings.Add(Findings.PatientMismatch, "other_patient", found.Digest, comparison.Differs, instance);
        else if (comparison.Match is PatientMatch.Unverifiable)
            findings.Add(Findings.PatientUnverifiable, Reason(instance), found.Digest, [], instance);

        List<string> warnings = [];
        if (comparison.GivenNamesDiffer) warnings.Add(GivenNamesDiffer);
        if (Changes(ref patientId, instance.Report.PatientId)) warnings.Add(PatientIdChanges);
        if (Changes(ref sex, instance.Report.PatientSex)) warnings.Add(SexChanges);
        return warnings;
    }

    private PatientComparison Compare(PatientIdentity found, int position)
    {
        if (spellings.Count == MaxSpellings || spellings.Exists(found.IsAnotherThan))
        {
            throw Refuse.Unprocessable(
                "multiple_patients", "The upload contains instances of two patients, by name or birth date. Send the study of one patient.")
                .With("position", position);
        }

        spellings.Add(found);
        return found.Compare(asked.LastName, asked.FirstName, asked.DicomBirthDate);
    }

    private static string Reason(ReceivedInstance instance) =>
        instance.Report is { HasPatientName: true, HasBirthDate: true } ? "unreadable" : "missing";

    private static bool Changes(ref string? first, string value)
    {
        if (value.Length == 0) return false;
        first ??= value;
        return first != value;
    }
}

using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Patient;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Requests;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Holds each instance of an upload against the request and against those before it. The answers say what is wrong and where, never
/// what a file held: otherwise a request would be a way to ask for names and birth dates.
/// </summary>
internal sealed class InstanceChecks(RequestDetails asked, IReadOnlySet<string> confirmed)
{
    private readonly HashSet<string> instances = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private string? studyUid;

    /// <summary>Findings that there were and that the provider had confirmed.</summary>
    public IReadOnlyList<string> UsedConfirmations => [.. used.Order(StringComparer.Ordinal)];

    public void Check(InstanceReport instance, int position)
    {
        CheckStudy(instance, position);
        if (!instances.Add(instance.SopInstanceUid))
            throw Refusal("duplicate_instance", "An instance is in the upload twice: two files have the same SOP Instance UID.", position);
        CheckPatient(instance, position);
        CheckPixels(instance, position);
    }

    private void CheckStudy(InstanceReport instance, int position)
    {
        studyUid ??= instance.OriginalStudyUid;
        if (instance.OriginalStudyUid != studyUid)
            throw Refusal("multiple_studies", "The upload holds instances of more than one study. Fulfil a request with one study.", position);
        if (asked.Study?.StudyInstanceUid is { } wanted && wanted != studyUid)
            throw Refusal("study_mismatch", "This is another study than the one that the request names by its Study Instance UID.", position);
    }

    private void CheckPatient(InstanceReport instance, int position)
    {
        var (code, sentence) = instance.Patient.Matches(asked.Patient.LastName, asked.Patient.FirstName, asked.Patient.DicomBirthDate) switch
        {
            PatientMatch.Match => (null, ""),
            PatientMatch.Mismatch => (Findings.PatientMismatch, "The study is not of the patient that was asked for, by name or birth date. If you are certain that it is, send it again with ?confirm=patient_mismatch."),
            _ => (Findings.PatientUnverifiable, "The study does not say whose it is: name or birth date is missing or cannot be read. If you are certain that it is the patient's, send it again with ?confirm=patient_unverifiable."),
        };
        if (code is not null) Find(code, sentence, position);
    }

    private void CheckPixels(InstanceReport instance, int position)
    {
        if (instance.PixelRisks.Count == 0 || IsConfirmed(Findings.PixelPhiRisk)) return;
        throw Refusal(
            Findings.PixelPhiRisk, "The pictures may show who the patient is. Look at them; if they do not, send the study again with ?confirm=pixel_phi_risk.", position)
            .With("risks", instance.PixelRisks);
    }

    private void Find(string code, string sentence, int position)
    {
        if (!IsConfirmed(code)) throw Refusal(code, sentence, position);
    }

    private bool IsConfirmed(string code)
    {
        if (!confirmed.Contains(code)) return false;
        used.Add(code);
        return true;
    }

    private static RefusedException Refusal(string code, string sentence, int position) =>
        Refuse.Unprocessable(code, sentence).With("position", position);
}

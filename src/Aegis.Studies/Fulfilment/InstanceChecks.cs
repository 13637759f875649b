namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Compares each instance of an upload with the request and with the instances before it. It refuses at once what no confirmation can
/// correct. It collects findings until the end, because an id can depend on all instances with the finding.
/// </summary>
internal sealed class InstanceChecks(RequestDetails asked, Findings findings)
{
    private readonly PatientChecks patient = new(asked.Patient, findings);
    private readonly StudyChecks study = new(asked.Study, findings);
    private string? studyUid;

    /// <summary>Checks one instance and returns the codes of its warnings.</summary>
    public IEnumerable<string> Check(ReceivedInstance instance)
    {
        CheckStudy(instance);
        var warnings = patient.Check(instance);
        study.Note(instance);
        foreach (var risk in instance.Report.PixelRisks) findings.Add(Findings.PixelPhiRisk, risk, found: "", [], instance);
        return warnings;
    }

    /// <summary>Checks the study as a whole. Returns the findings, all of which the provider has confirmed.</summary>
    public IReadOnlyList<Finding> Finish()
    {
        study.Finish();
        return findings.RequireConfirmed();
    }

    private void CheckStudy(ReceivedInstance instance)
    {
        var uid = instance.Report.OriginalStudyUid;
        studyUid ??= uid;
        if (uid != studyUid)
            throw Refusal("multiple_studies",
                "The upload contains instances of more than one study. Send one study for each request.", instance);
        if (asked.Study?.StudyInstanceUid is { } wanted && wanted != uid)
            throw Refusal(Findings.StudyMismatch,
                "The study does not have the Study Instance UID of the request. Send the requested study.", instance);
    }

    private static RefusedException Refusal(string code, string sentence, ReceivedInstance instance) =>
        Refuse.Unprocessable(code, sentence).With("position", instance.Position);
}

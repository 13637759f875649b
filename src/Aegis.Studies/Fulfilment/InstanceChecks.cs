namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Holds each instance of an upload against the request and against those before it. What no confirmation can put right is refused at
/// once; findings are gathered to the end, since their ids depend on all instances that they are found in.
/// </summary>
internal sealed class InstanceChecks(RequestDetails asked, Findings findings)
{
    private readonly PatientChecks patient = new(asked.Patient, findings);
    private readonly StudyChecks study = new(asked.Study, findings);
    private string? studyUid;

    /// <summary>Checks one instance and returns codes of what to warn of.</summary>
    public IEnumerable<string> Check(ReceivedInstance instance)
    {
        CheckStudy(instance);
        var warnings = patient.Check(instance);
        study.Note(instance);
        foreach (var risk in instance.Report.PixelRisks) findings.Add(Findings.PixelPhiRisk, risk, found: "", [], instance);
        return warnings;
    }

    /// <summary>Ends the checks with what belongs to the study as a whole. Returns the findings that the provider had confirmed.</summary>
    public IReadOnlyList<Finding> Finish()
    {
        study.Finish();
        return findings.Settle();
    }

    private void CheckStudy(ReceivedInstance instance)
    {
        var uid = instance.Report.OriginalStudyUid;
        studyUid ??= uid;
        if (uid != studyUid)
            throw Refusal("multiple_studies",
                "The upload holds instances of more than one study. Fulfil a request with one study.", instance);
        if (asked.Study?.StudyInstanceUid is { } wanted && wanted != uid)
            throw Refusal(Findings.StudyMismatch,
                "This is another study than the one that the request names by its Study Instance UID.", instance);
    }

    private static RefusedException Refusal(string code, string sentence, ReceivedInstance instance) =>
        Refuse.Unprocessable(code, sentence).With("position", instance.Position);
}

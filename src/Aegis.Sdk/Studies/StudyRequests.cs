namespace Aegis.Sdk.Studies;

/// <summary>A request for one patient's study.</summary>
/// <param name="ProviderId">The organization to ask.</param>
/// <param name="Patient">The patient.</param>
/// <param name="Reason">The reason, for people.</param>
public sealed record AskForStudy(string ProviderId, Patient Patient, string Reason)
{
    /// <summary>Narrows the request to one study.</summary>
    public StudyDescription? Study { get; init; }

    /// <summary>
    /// Default <c>treatment</c>: <c>treatment</c>, <c>payment</c>, <c>operations</c>, <c>quality</c>, <c>research</c>,
    /// <c>public_health</c>, <c>patient_request</c>, <c>legal</c>, <c>training</c>, <c>ai_review</c>.
    /// </summary>
    public string? PurposeOfUse { get; init; }

    /// <summary>How long and how often the study may be viewed.</summary>
    public AskedWindow? Window { get; init; }
}

/// <summary>A patient as named in a request.</summary>
/// <param name="LastName">Family name.</param>
/// <param name="FirstName">Given name.</param>
/// <param name="Dob">Date of birth: <c>YYYY-MM-DD</c>; requests may also send <c>MM/DD/YYYY</c>.</param>
public sealed record Patient(string LastName, string FirstName, string Dob)
{
    /// <summary>Does not show the patient.</summary>
    public override string ToString() => "***";
}

/// <summary>Known facts about the study.</summary>
public sealed record StudyDescription
{
    /// <summary>A DICOM code such as CT.</summary>
    public string? Modality { get; init; }

    /// <summary>Body part.</summary>
    public string? BodyPart { get; init; }

    /// <summary>Accession number.</summary>
    public string? AccessionNumber { get; init; }

    /// <summary>Study Instance UID.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>First possible study date: <c>YYYY-MM-DD</c>.</summary>
    public string? DateFrom { get; init; }

    /// <summary>Last possible study date.</summary>
    public string? DateTo { get; init; }

    /// <summary>Does not show the study.</summary>
    public override string ToString() => "***";
}

/// <summary>How long and how often a study may be viewed.</summary>
/// <param name="Hours">1 to 720; default 72.</param>
/// <param name="MaxViews">Maximum number of views; null means no limit.</param>
public sealed record AskedWindow(int? Hours = null, int? MaxViews = null);

/// <summary>A request.</summary>
/// <param name="Id">req_….</param>
/// <param name="Status"><c>pending</c>, <c>accepted</c>, <c>fulfilling</c>, <c>fulfilled</c>, <c>declined</c>, <c>cancelled</c> or
/// <c>expired</c>.</param>
/// <param name="ProviderId">The organization that is asked.</param>
/// <param name="ConsumerId">The organization that asks.</param>
/// <param name="Patient">The patient; null after the data was erased.</param>
/// <param name="Study">Known facts about the study.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="PurposeOfUse">The purpose, as a code.</param>
/// <param name="Window">How long and how often the study may be viewed.</param>
/// <param name="Decline">Why it was declined.</param>
/// <param name="TransferId">The transfer that answers the request.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="ExpiresAt">When it expires without an answer.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record StudyRequest(
    string Id, string Status, string ProviderId, string ConsumerId, Patient? Patient, StudyDescription? Study, string? Reason,
    string? PurposeOfUse,
    AskedWindow Window, Decline? Decline, string? TransferId, DateTimeOffset CreatedAt, DateTimeOffset? AcceptedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt) : Revised
{
    /// <summary>Does not show the patient.</summary>
    public override string ToString() => $"StudyRequest {{ Id = {Id}, Status = {Status} }}";
}

/// <summary>Why a request was declined.</summary>
public sealed record Decline(string Reason, string? Note);

internal sealed record DeclineStudy(string Reason, string? Note);

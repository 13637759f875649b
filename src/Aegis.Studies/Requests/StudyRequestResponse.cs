using System.Globalization;

namespace Aegis.Studies.Requests;

/// <summary>A request as both parties see it.</summary>
/// <param name="Id">req_….</param>
/// <param name="Status">pending, accepted, fulfilling, fulfilled, declined, cancelled or expired.</param>
/// <param name="ProviderId">The organization that is asked.</param>
/// <param name="ConsumerId">The organization that asks.</param>
/// <param name="Patient">The patient of the study; null once the details are shredded.</param>
/// <param name="Study">Describes the study; null when any study will do, or once the details are shredded.</param>
/// <param name="Reason">The consumer's reason; null once the details are shredded.</param>
/// <param name="PurposeOfUse">The consumer's purpose, or null.</param>
/// <param name="Window">How long and how often the study may be viewed.</param>
/// <param name="Decline">Why the provider declined, or null.</param>
/// <param name="TransferId">The transfer that answers it, or null.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="AcceptedAt">When the provider accepted it, or null.</param>
/// <param name="ExpiresAt">When it expires if it is not answered.</param>
/// <param name="EndedAt">When it was fulfilled, declined, cancelled or expired; null before.</param>
internal sealed record StudyRequestResponse(
    string Id,
    RequestStatus Status,
    string ProviderId,
    string ConsumerId,
    PatientResponse? Patient,
    StudyResponse? Study,
    string? Reason,
    PurposeOfUse? PurposeOfUse,
    AskedWindow Window,
    DeclineResponse? Decline,
    string? TransferId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt)
{
    public static StudyRequestResponse From(StudyRequest request, RequestSeal seal, DateTimeOffset now)
    {
        var details = seal.Open(request);
        var status = request.StatusAt(now);
        return new StudyRequestResponse(
            request.Id,
            status,
            request.ProviderId,
            request.ConsumerId,
            details is null ? null : PatientResponse.From(details.Patient),
            details?.Study is null ? null : StudyResponse.From(details.Study),
            details?.Reason,
            request.PurposeOfUse,
            new AskedWindow(request.WindowHours, request.MaxViews),
            request.DeclineReason is { } reason ? new DeclineResponse(reason, seal.OpenNote(request)) : null,
            request.TransferId,
            request.CreatedAt,
            request.AcceptedAt,
            request.ExpiresAt,
            request.EndedAt ?? (status is RequestStatus.Expired ? request.ExpiresAt : null));
    }
}

/// <summary>The patient of the requested study.</summary>
/// <param name="LastName">Family name.</param>
/// <param name="FirstName">Given name.</param>
/// <param name="Dob">Date of birth, <c>YYYY-MM-DD</c>.</param>
internal sealed record PatientResponse(string LastName, string FirstName, string Dob)
{
    public static PatientResponse From(Patient patient) =>
        new(patient.LastName, patient.FirstName, patient.Dob.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public override string ToString() => "***";
}

/// <summary>Describes the requested study.</summary>
internal sealed record StudyResponse(
    string? Modality, string? BodyPart, string? AccessionNumber, string? StudyInstanceUid, DateOnly? DateFrom, DateOnly? DateTo)
{
    public static StudyResponse From(StudySelector study) =>
        new(study.Modality, study.BodyPart, study.AccessionNumber, study.StudyInstanceUid, study.DateFrom, study.DateTo);

    public override string ToString() => "***";
}

/// <summary>The window that the consumer asked for.</summary>
/// <param name="Hours">Hours from fulfilment.</param>
/// <param name="MaxViews">Maximum number of views; null for no limit.</param>
internal sealed record AskedWindow(int Hours, int? MaxViews);

/// <summary>Why the provider declined.</summary>
/// <param name="Reason">no_match, ambiguous_match, no_consent, not_partner or other.</param>
/// <param name="Note">The provider's note, or null.</param>
internal sealed record DeclineResponse(DeclineReason Reason, string? Note);

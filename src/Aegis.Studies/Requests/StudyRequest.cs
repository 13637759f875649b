using Aegis.Contracts.Studies;
using Aegis.Kernel.Json;

namespace Aegis.Studies.Requests;

internal enum RequestStatus { Pending, Accepted, Fulfilling, Fulfilled, Declined, Cancelled, Expired }

/// <summary>A consumer's request for one patient's study, until a provider answers it or it ends without an answer.</summary>
/// <remarks>
/// How a request lives: <see cref="RequestsController"/> gets the calls of both parties. <see cref="RequestIntake"/> creates the request,
/// and <see cref="RequestSeal"/> seals its details. An upload reserves it with <see cref="BeginFulfilment"/> and ends it with
/// <see cref="Fulfill"/> or <see cref="AbandonFulfilment"/>. <see cref="ExpireRequestsJob"/> stores that a request has expired;
/// <see cref="StatusAt"/> already says so before. <see cref="ShredDetailsJob"/> deletes the details 30 days after the end; for a fulfilled
/// request, <see cref="FollowTransfer"/> starts that time when the transfer is destroyed. A change in the wrong state is refused. If two
/// hosts change the same request, the revision lets one of them win.
/// </remarks>
internal sealed class StudyRequest : Entity
{
    /// <summary>How long demographics, reason and note are kept after the end of the request or of its transfer.</summary>
    public static readonly TimeSpan DetailsKept = TimeSpan.FromDays(30);

    private StudyRequest(string id, string consumerId, string providerId)
        : base(id)
    {
        ConsumerId = consumerId;
        ProviderId = providerId;
    }

    public string ConsumerId { get; private set; } = "";

    public string ProviderId { get; private set; } = "";

    /// <summary>The stored state. Use <see cref="StatusAt"/> for the state now.</summary>
    public RequestStatus Status { get; private set; }

    /// <summary>Patient, study and reason, sealed (<see cref="RequestDetails"/>); null once shredded.</summary>
    public byte[]? SealedDetails { get; private set; }

    /// <summary>Keyed fingerprint of the patient. It stays when the details are shredded.</summary>
    public string PatientFingerprint { get; private set; } = "";

    public PurposeOfUse? PurposeOfUse { get; private set; }

    public int WindowHours { get; private set; }

    public int? MaxViews { get; private set; }

    public DeclineReason? DeclineReason { get; private set; }

    /// <summary>The provider's note about its decline, sealed; null when there is none or it is shredded.</summary>
    public byte[]? SealedNote { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? AcceptedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>When the details will be shredded; null until the request or its transfer has ended, and after shredding.</summary>
    public DateTimeOffset? ShredAt { get; private set; }

    /// <summary>The upload that is fulfilling the request: a random token, or null.</summary>
    public string? LeaseOwner { get; private set; }

    /// <summary>When the lease of the fulfilment expires, unless it is renewed.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>The result of the fulfilment; null before.</summary>
    public FulfilmentResult? Result { get; private set; }

    public string? TransferId => Result?.TransferId;

    /// <summary>The patient's pseudonym in the study; null before, and for studies of 0.1.0, which had no pseudonyms.</summary>
    public string? PatientPseudonym { get; private set; }

    /// <summary>The key by which the patient's dates are shifted if it is not the pseudonym: patients of 0.1.0 keep their shift.</summary>
    public string? ShiftKey { get; private set; }

    private string[] Parties => [ConsumerId, ProviderId];

    /// <summary>Puts a request into the provider's worklist.</summary>
    public static StudyRequest Create(
        string id, string consumerId, string providerId, SealedRequest details, RequestTerms terms, TimeSpan lifetime, DateTimeOffset now)
    {
        var request = new StudyRequest(id, consumerId, providerId)
        {
            Status = RequestStatus.Pending,
            SealedDetails = details.Details,
            PatientFingerprint = details.PatientFingerprint,
            PurposeOfUse = terms.PurposeOfUse,
            WindowHours = terms.WindowHours,
            MaxViews = terms.MaxViews,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
        request.Raise(new RequestCreated(id, consumerId, providerId, request.Parties));
        return request;
    }

    /// <summary>
    /// The state at this time. A fulfilment whose lease ran out does not count. A request is expired after its lifetime, also before the
    /// expiry job has stored that.
    /// </summary>
    public RequestStatus StatusAt(DateTimeOffset now)
    {
        if (Status is RequestStatus.Fulfilling && !FulfilmentLease.Row.IsFree(LeaseUntil, now)) return RequestStatus.Fulfilling;
        if (Status is not (RequestStatus.Pending or RequestStatus.Accepted or RequestStatus.Fulfilling)) return Status;
        if (ExpiresAt <= now) return RequestStatus.Expired;
        return AcceptedAt is null ? RequestStatus.Pending : RequestStatus.Accepted;
    }

    /// <summary>The refusal of calls that need an open request, after this one ended without a study; null if it has not.</summary>
    public RefusedException? RefusalOfEnded(DateTimeOffset now) => StatusAt(now) switch
    {
        RequestStatus.Declined =>
            Refuse.Conflict("request_declined", "The provider has declined this request. The consumer can make a new one."),
        RequestStatus.Cancelled =>
            Refuse.Conflict("request_cancelled", "The consumer has cancelled this request, so it cannot be answered or changed."),
        RequestStatus.Expired =>
            Refuse.Conflict("request_expired", "This request expired without an answer. The consumer can make a new one."),
        _ => null,
    };

    /// <summary>Tells the consumer that an answer will come.</summary>
    public void Accept(DateTimeOffset now)
    {
        RequireUnanswered(now);
        if (AcceptedAt is not null) throw Refuse.Conflict("already_accepted", "This request is already accepted. Fulfil or decline it.");

        LeaveFulfilment();
        Status = RequestStatus.Accepted;
        AcceptedAt = now;
        Raise(new RequestAccepted(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Records that the provider will not send a study.</summary>
    public void Decline(DeclineReason reason, byte[]? sealedNote, DateTimeOffset now)
    {
        RequireUnanswered(now);

        DeclineReason = reason;
        SealedNote = sealedNote;
        End(RequestStatus.Declined, now);
        Raise(new RequestDeclined(Id, ConsumerId, ProviderId, reason.WireName(), Parties));
    }

    /// <summary>Cancels the request for the consumer.</summary>
    public void Cancel(DateTimeOffset now)
    {
        RequireUnanswered(now);

        End(RequestStatus.Cancelled, now);
        Raise(new RequestCancelled(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Reserves the request for one fulfilment.</summary>
    public void BeginFulfilment(string owner, TimeSpan lease, DateTimeOffset now)
    {
        RequireUnanswered(now);

        Status = RequestStatus.Fulfilling;
        LeaseOwner = owner;
        LeaseUntil = now + lease;
    }

    /// <summary>Ends the fulfilment without a study and restores the state before it.</summary>
    public void AbandonFulfilment(string owner)
    {
        if (Status is not RequestStatus.Fulfilling || LeaseOwner != owner)
            throw Refuse.Conflict("fulfilment_lost", "This request is no longer reserved for this upload.");

        LeaveFulfilment();
        Status = AcceptedAt is null ? RequestStatus.Pending : RequestStatus.Accepted;
    }

    /// <summary>Ends the request with the transfer that answers it.</summary>
    /// <param name="owner">The upload that reserved it.</param>
    /// <param name="study">The stored study.</param>
    /// <param name="now">The end of the request.</param>
    public void Fulfill(string owner, IngestedStudy study, DateTimeOffset now)
    {
        if (Status is not RequestStatus.Fulfilling || LeaseOwner != owner)
            throw Refuse.Conflict("fulfilment_lost",
                "This request is no longer reserved for this upload. Read it, and send the study again if it is still open.");

        LeaveFulfilment();
        Status = RequestStatus.Fulfilled;
        Result = FulfilmentResult.Of(study);
        (PatientPseudonym, ShiftKey) = (study.Pseudonym, study.ShiftKey);
        EndedAt = now;
        Raise(new RequestFulfilled(
            Id, ConsumerId, ProviderId, study.TransferId, StudyIngestion.Codes(study.Confirmed), Parties,
            [.. study.Confirmed.Select(f => f.Id)], study.Ignored.Count));
    }

    /// <summary>Stores that the request has expired.</summary>
    public void Expire(DateTimeOffset now)
    {
        if (Status is RequestStatus.Expired || StatusAt(now) is not RequestStatus.Expired)
            throw Refuse.Conflict("not_expired", "This request has already ended, or it has not expired yet.");

        End(RequestStatus.Expired, ExpiresAt);
        Raise(new RequestExpired(Id, ConsumerId, ProviderId, Parties));
    }

    /// <summary>Records that the transfer is destroyed. The details are then kept for 30 days in case of questions.</summary>
    public void TransferEnded(DateTimeOffset at)
    {
        if (Status is not RequestStatus.Fulfilled) throw Refuse.Conflict("not_fulfilled", "This request has no transfer.");
        ShredAt ??= at + DetailsKept;
    }

    /// <summary>Deletes the patient's identity and all free text. The fingerprint stays.</summary>
    public void Shred(DateTimeOffset now)
    {
        if (ShredAt is null || ShredAt > now) throw Refuse.Conflict("not_due", "The details of this request are not due to be shredded.");

        SealedDetails = null;
        SealedNote = null;
        ShredAt = null;
        Raise(new RequestDetailsShredded(Id, ConsumerId, ProviderId, Parties));
    }

    private void End(RequestStatus status, DateTimeOffset at)
    {
        LeaveFulfilment();
        Status = status;
        EndedAt = at;
        ShredAt = at + DetailsKept;
    }

    private void RequireUnanswered(DateTimeOffset now)
    {
        switch (StatusAt(now))
        {
            case RequestStatus.Fulfilling:
                throw Refuse.Conflict("fulfilment_in_progress",
                    "The provider is sending the study right now. Try again when the upload has ended.");
            case RequestStatus.Fulfilled:
                throw Refuse.Conflict("already_fulfilled", "This request is already fulfilled.").With("transferId", Result?.TransferId);
        }

        if (RefusalOfEnded(now) is { } refusal) throw refusal;
    }

    private void LeaveFulfilment()
    {
        LeaseOwner = null;
        LeaseUntil = null;
    }
}

/// <summary>The result of a fulfilment. It is stored so that a repeated upload gets the same answer.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="DeclaredSha256">SHA-256 over the sorted SHA-256 of the uploaded instances.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="SizeBytes">Length of the content as it is served.</param>
/// <param name="Sha256">SHA-256 of the content as it is served.</param>
/// <param name="Warnings">Codes and counts, as <c>code:instances</c> separated by commas.</param>
/// <param name="InstancesBytes">Total bytes of the instances as they are served; null for results of release 0.1.0.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of these instances; null for results of release 0.1.0.</param>
internal sealed record FulfilmentResult(
    string TransferId, string DeclaredSha256, int Instances, long SizeBytes, string Sha256, string Warnings,
    long? InstancesBytes, string? InstancesSha256)
{
    public static FulfilmentResult Of(IngestedStudy ingested)
    {
        var study = ingested.Study;
        return new FulfilmentResult(
            ingested.TransferId, study.DeclaredSha256, study.Instances, study.SizeBytes, study.Sha256,
            StudyWarning.ToText(ingested.Warnings), study.PayloadBytes, study.InstancesSha256);
    }
}

using Aegis.Contracts.Studies;

namespace Aegis.Studies.Requests;

// The part of a request's life in which bytes flow. One fulfilment at a time holds a lease; one that died is over when its lease is.
internal sealed partial class StudyRequest
{
    /// <summary>Who is fulfilling: a random token, or null.</summary>
    public string? LeaseOwner { get; private set; }

    /// <summary>The fulfilment counts until then unless it is renewed.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>What the fulfilment brought; null before.</summary>
    public FulfilmentResult? Result { get; private set; }

    public string? TransferId => Result?.TransferId;

    /// <summary>What the study calls the patient; null before, and for studies of 0.1.0, which called nobody anything.</summary>
    public string? PatientPseudonym { get; private set; }

    /// <summary>By what the patient's dates are shifted when it is not the pseudonym: patients of 0.1.0 keep their shift.</summary>
    public string? ShiftKey { get; private set; }

    /// <summary>Takes the request for one fulfilment.</summary>
    public void BeginFulfilment(string owner, TimeSpan lease, DateTimeOffset now)
    {
        RequireUnanswered(now);

        Status = RequestStatus.Fulfilling;
        LeaseOwner = owner;
        LeaseUntil = now + lease;
    }

    /// <summary>Gives the request back as it was.</summary>
    public void AbandonFulfilment(string owner)
    {
        if (Status is not RequestStatus.Fulfilling || LeaseOwner != owner)
            throw Refuse.Conflict("fulfilment_lost", "This request is no longer held by this upload.");

        LeaveFulfilment();
        Status = AcceptedAt is null ? RequestStatus.Pending : RequestStatus.Accepted;
    }

    /// <summary>Binds the request to the transfer that answers it.</summary>
    /// <param name="owner">Who took it.</param>
    /// <param name="study">What was taken in.</param>
    /// <param name="now">The end of the request.</param>
    public void Fulfill(string owner, IngestedStudy study, DateTimeOffset now)
    {
        if (Status is not RequestStatus.Fulfilling || LeaseOwner != owner)
            throw Refuse.Conflict("fulfilment_lost",
                "This request is no longer held by this upload. Read it and send the study again if it is still open.");

        LeaveFulfilment();
        Status = RequestStatus.Fulfilled;
        Result = FulfilmentResult.Of(study);
        (PatientPseudonym, ShiftKey) = (study.Pseudonym, study.ShiftKey);
        EndedAt = now;
        Raise(new RequestFulfilled(
            Id, ConsumerId, ProviderId, study.TransferId, StudyIngestion.Codes(study.Confirmed), Parties,
            [.. study.Confirmed.Select(f => f.Id)], study.Ignored.Count));
    }

    private void LeaveFulfilment()
    {
        LeaseOwner = null;
        LeaseUntil = null;
    }
}

/// <summary>What a fulfilment brought, kept so that a repeat gets the same answer.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="DeclaredSha256">SHA-256 over the sorted SHA-256 of the uploaded instances.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="SizeBytes">Length of the content as it is served.</param>
/// <param name="Sha256">SHA-256 of the content as it is served.</param>
/// <param name="Warnings">Codes and counts, as <c>code:instances</c> separated by commas.</param>
/// <param name="InstancesBytes">Bytes of the instances as they will be served; null when release 0.1.0 took them in.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of these instances; null as the bytes.</param>
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

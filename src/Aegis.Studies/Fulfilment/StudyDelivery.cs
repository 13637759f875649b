using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Fulfilment;

/// <summary>Answers a request with a study: takes the request, takes the upload in, and binds both to a new transfer in one save.</summary>
internal sealed class StudyDelivery(
    StudiesDb db, IPartnerships partnerships, FulfilmentLeases leases, StudyIngestion ingestion, RequestSeal seal, TimeProvider clock)
{
    /// <summary>The same study a second time gets the same answer; nothing is stored.</summary>
    public static async Task<FulfilmentResult> Repeat(StudyRequest request, Upload upload, CancellationToken ct)
    {
        var result = request.Result!;
        await upload.ReadManifest(ct);
        var declared = upload.Manifest ?? await new UploadPass(upload, Deidentifying.Discarding()).Run(writer: null, _ => 0, ct);
        if (declared.Sha256 == result.DeclaredSha256) return result;
        throw Refuse.Conflict("already_fulfilled", "This request is fulfilled with another study. The consumer may make a new request.")
            .With("transferId", result.TransferId);
    }

    /// <summary>Takes the study in and delivers it.</summary>
    public async Task<IngestedStudy> Deliver(
        StudyRequest request, DeidentificationPolicy policy, DeliveryTerms terms, Upload upload, CancellationToken ct)
    {
        await using var lease = await leases.Take(request, db, ct);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        try
        {
            var asked = seal.Open(request) ?? throw new InvalidOperationException("An open request keeps its details.");
            await upload.ReadManifest(either.Token);
            var transferId = Ids.New("trf", clock.GetUtcNow());
            var order = new FulfilmentOrder(
                request, asked, policy, new PatientShift(db, request), seal.FindingKey(request.Id), terms.Confirmations, terms.IsStrict);
            var study = await ingestion.Ingest(transferId, order, upload, either.Token);
            using var file = study.File;
            await lease.StopRenewing();
            // An upload takes long enough for the partners to part meanwhile.
            if (await partnerships.Find(request.ConsumerId, request.ProviderId, either.Token) is null) throw RequestIntake.NoPartnership();
            await Bind(request, lease, study);
            lease.Spend();
            return study;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw await leases.WhyLost(request.Id);
        }
    }

    private async Task Bind(StudyRequest request, FulfilmentLease lease, IngestedStudy study)
    {
        var now = clock.GetUtcNow();
        request.Fulfill(lease.Owner, study, now);
        db.Transfers.Add(Transfer.Deliver(
            request.Id, request.ConsumerId, request.ProviderId, study, TimeSpan.FromHours(request.WindowHours), request.MaxViews, now));
        try
        {
            // A caller who hangs up now gets the same answer when it asks again.
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // SQL Server may report the second transfer of the request before the request that has changed.
            throw await leases.WhyLost(request.Id);
        }
        catch
        {
            study.File.Keep(); // the database may have committed before it failed: the sweep finds out
            throw;
        }

        study.File.Keep();
    }
}

/// <summary>What a provider says about its upload.</summary>
/// <param name="Confirmations">What it takes responsibility for.</param>
/// <param name="IsStrict">Anything that is not DICOM is a mistake.</param>
internal sealed record DeliveryTerms(Confirmations Confirmations, bool IsStrict);

/// <summary>What an upload is held against, and what is done to it.</summary>
internal sealed record FulfilmentOrder(
    StudyRequest Request, RequestDetails Asked, DeidentificationPolicy Policy, PatientShift Shift, byte[] FindingKey,
    Confirmations Confirmations,
    bool IsStrict)
{
    public override string ToString() => Request.Id;
}

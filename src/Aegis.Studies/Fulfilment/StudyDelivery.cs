using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Fulfils a request with a study: reserves the request, stores the upload, and saves the new transfer and the request together.
/// </summary>
/// <remarks>
/// How an upload is processed: <see cref="FulfilmentController"/> opens the body as an <see cref="Upload"/>, and
/// <see cref="FulfilmentLease"/> reserves the request. <see cref="StudyIngestion"/> runs one <see cref="UploadPass"/>, which hashes,
/// de-identifies and seals each file; <see cref="InstanceChecks"/> compares each instance with the request and collects
/// <see cref="Findings"/>, and <see cref="StudySurvey"/> counts. <see cref="StudyStore"/> writes the file and reads it back once.
/// A bad file, an unconfirmed finding, a full disk, a lost lease or a timeout refuses the upload and deletes the file.
/// A file that a crash leaves behind is deleted by <see cref="SweepOrphansJob"/>.
/// </remarks>
internal sealed class StudyDelivery(
    StudiesDb db, IPartnerships partnerships, FulfilmentLeases leases, StudyIngestion ingestion, RequestSeal seal, TimeProvider clock)
{
    /// <summary>Gives the same answer to the same study sent again. Stores nothing.</summary>
    public static async Task<FulfilmentResult> Repeat(StudyRequest request, Upload upload, CancellationToken ct)
    {
        var result = request.Result!;
        await upload.ReadManifest(ct);
        var declared = upload.Manifest ?? await new UploadPass(upload, Deidentifying.Discarding()).Run(writer: null, _ => 0, ct);
        if (declared.Sha256 == result.DeclaredSha256) return result;
        throw Refuse.Conflict(
            "already_fulfilled", "This request is already fulfilled with another study. The consumer can make a new request.")
            .With("transferId", result.TransferId);
    }

    /// <summary>Stores the study and delivers it.</summary>
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
            // An upload takes long enough for the partnership to end in the meantime.
            if (await partnerships.Find(request.ConsumerId, request.ProviderId, either.Token) is null) throw RequestIntake.NoPartnership();
            await Bind(request, lease, study);
            lease.Complete();
            return study;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw await leases.RefusalOfLost(request.Id);
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
            // Not cancelled: a caller that disconnects now gets the same answer when it sends the study again.
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // SQL Server may report the request's second transfer (unique violation) before the changed request (concurrency).
            throw await leases.RefusalOfLost(request.Id);
        }
        catch
        {
            study.File.Keep(); // the database may have committed before it failed; the sweep checks
            throw;
        }

        study.File.Keep();
    }
}

/// <summary>The terms that a provider sends with its upload.</summary>
/// <param name="Confirmations">The findings that it takes responsibility for.</param>
/// <param name="IsStrict">Refuse the upload if it contains a file that is not DICOM.</param>
internal sealed record DeliveryTerms(Confirmations Confirmations, bool IsStrict);

/// <summary>What an upload is compared with, and how it is de-identified.</summary>
internal sealed record FulfilmentOrder(
    StudyRequest Request, RequestDetails Asked, DeidentificationPolicy Policy, PatientShift Shift, byte[] FindingKey,
    Confirmations Confirmations,
    bool IsStrict)
{
    public override string ToString() => Request.Id;
}

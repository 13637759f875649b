using Aegis.Contracts.Identity;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Aegis.Studies.Transfers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Fulfilment;

/// <summary>Answers a request with a study: takes the request, takes the upload in, and binds both to a new transfer in one save.</summary>
internal sealed class StudyDelivery(
    StudiesDb db, StudyIngestion ingestion, RequestSeal seal, IServiceScopeFactory scopes, TimeProvider clock, ILogger<StudyDelivery> log)
{
    /// <summary>The same study a second time gets the same answer; nothing is stored.</summary>
    public static async Task<FulfilmentResult> Repeat(StudyRequest request, Upload upload, CancellationToken ct)
    {
        var result = request.Result!;
        await upload.ReadManifest(ct);
        var declared = upload.Manifest?.Sha256 ?? await Read();
        if (declared == result.DeclaredSha256) return result;
        throw Refuse.Conflict("already_fulfilled", "This request is fulfilled with another study. The consumer may make a new request.")
            .With("transferId", result.TransferId);

        async Task<string> Read() =>
            (await new UploadPass(upload, Deidentifying.Discarding(), patientKey: null).Run(writer: null, (_, _) => 0, ct)).Sha256;
    }

    /// <summary>Takes the study in and delivers it.</summary>
    public async Task<FulfilmentResult> Deliver(
        StudyRequest request, DeidentificationPolicy policy, IReadOnlySet<string> confirmed, Upload upload, CancellationToken ct)
    {
        var asked = seal.Open(request) ?? throw new InvalidOperationException("An open request keeps its details.");
        await using var lease = await Take(request, ct);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        try
        {
            await upload.ReadManifest(either.Token);
            var transferId = Ids.New("trf", clock.GetUtcNow());
            using var stored = await ingestion.Ingest(transferId, request, asked, policy, confirmed, upload, either.Token);
            await lease.StopRenewing();
            var result = await Bind(request, lease, transferId, stored);
            lease.Spend();
            return result;
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw InProgress();
        }
        catch (RefusedException e)
        {
            Log.FulfilmentAbandoned(log, request.Id, e.Code);
            throw;
        }
    }

    private async Task<FulfilmentLease> Take(StudyRequest request, CancellationToken ct)
    {
        var lease = new FulfilmentLease(request.Id, scopes, clock, log);
        request.BeginFulfilment(lease.Owner, FulfilmentLease.Length, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw InProgress(); // somebody else's change was first; whatever it was, a repeat finds out
        }

        lease.Keep();
        return lease;
    }

    private async Task<FulfilmentResult> Bind(StudyRequest request, FulfilmentLease lease, string transferId, StoredUpload stored)
    {
        var study = stored.Study;
        var now = clock.GetUtcNow();
        var result = new FulfilmentResult(
            transferId, study.DeclaredSha256, study.Instances, study.SizeBytes, study.Sha256, StudyWarning.ToText(stored.Warnings));
        request.Fulfill(lease.Owner, result, stored.Confirmed, now);
        db.Transfers.Add(Transfer.Deliver(
            transferId, request.Id, request.ConsumerId, request.ProviderId, study, TimeSpan.FromHours(request.WindowHours), request.MaxViews, now));
        try
        {
            // A caller who hangs up now gets the same answer when it asks again.
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw InProgress();
        }
        catch
        {
            stored.Keep(); // the database may have committed before it failed: the sweep finds out
            throw;
        }

        stored.Keep();
        return result;
    }

    private static RefusedException InProgress() =>
        Refuse.Conflict("fulfilment_in_progress", "Another upload for this request is under way or was faster. Read the request and try again if it is still open.");
}

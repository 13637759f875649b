using Aegis.Kernel.Web.Http;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Studies.Fulfilment;

/// <summary>Answers requests with studies.</summary>
[ApiController]
[Route("v1/requests")]
[Tags("Requests")]
[Produces("application/json")]
internal sealed class FulfilmentController(
    StudiesDb db, Caller caller, IPartnerships partnerships, StudyDelivery delivery, UploadReader uploads) : ControllerBase
{
    /// <summary>Sends the study. It is de-identified and sealed while it arrives. A repeated upload gets the same answer.</summary>
    /// <remarks>
    /// The body is <c>multipart/form-data</c> with <c>file</c> parts and an optional first part <c>manifest</c>
    /// (<c>{"instances","bytes","sha256"}</c>), <c>application/zip</c>, or one instance as <c>application/dicom</c>. A part may be a zip
    /// archive if its Content-Type or its first bytes say so. Send all instances in this one call. Files that are not DICOM are skipped
    /// and counted (<c>files_ignored</c>). A DICOMDIR is skipped.
    /// </remarks>
    /// <param name="id">req_….</param>
    /// <param name="confirm">Findings that you have looked at, as <c>code:id</c> from the <c>findings</c> of a refusal. The id may be
    /// left out for patient_unverifiable and pixel_phi_risk. Repeatable; each is audited.</param>
    /// <param name="strict">Refuses an upload that contains a file that is not DICOM.</param>
    /// <param name="ct">The connection.</param>
    /// <response code="201">The study is stored and the consumer may open it.</response>
    /// <response code="200">The request is already fulfilled with this study.</response>
    /// <response code="400">validation_failed (confirm, strict)</response>
    /// <response code="403">wrong_party, no_partnership, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="408">upload_timeout, body_too_slow</response>
    /// <response code="409">fulfilment_in_progress, already_fulfilled, request_declined, request_cancelled, request_expired</response>
    /// <response code="413">upload_too_large</response>
    /// <response code="415">unsupported_media_type, content_encoding_unsupported</response>
    /// <response code="422">patient_mismatch, patient_unverifiable, pixel_phi_risk, study_mismatch (with findings), multiple_patients,
    /// multiple_studies, duplicate_instance, no_instances, manifest_invalid, manifest_mismatch, multipart_invalid, upload_truncated,
    /// upload_too_large_unpacked, too_many_files, too_many_series, not_dicom and dicom_…, zip_…</response>
    /// <response code="503">storage_unavailable</response>
    [HttpPost("{id}/fulfill")]
    [RequireScope(Scopes.StudyFulfill)]
    [StreamedUpload]
    [AcceptsUpload("multipart/form-data", "application/zip", "application/dicom", "application/octet-stream")]
    [ProducesResponseType<FulfilmentResponse>(StatusCodes.Status201Created)]
    [ProducesResponseType<FulfilmentResponse>(StatusCodes.Status200OK)]
    public async Task<ActionResult<FulfilmentResponse>> Fulfill(
        string id, [FromQuery] string[]? confirm, [FromQuery] bool strict, CancellationToken ct)
    {
        var request = await db.Requests.OwnedBy(caller).Named(id, ct);
        request.RequireParty(Party.Provider, caller);
        var terms = new DeliveryTerms(Confirmations.Of(confirm), strict);
        var upload = uploads.Of(Request);
        if (request.Status is RequestStatus.Fulfilled)
            return FulfilmentResponse.From(await uploads.WithTimeout(limited => StudyDelivery.Repeat(request, upload, limited), ct), []);

        var partnership = await partnerships.Find(request.ConsumerId, request.ProviderId, ct) ?? throw RequestIntake.NoPartnership();
        var study = await uploads.WithTimeout(
            limited => delivery.Deliver(request, partnership.Deidentification, terms, upload, limited), ct);
        return Created($"/v1/transfers/{study.TransferId}", FulfilmentResponse.From(request.Result!, study.Ignored.Names));
    }
}

/// <summary>The result of an upload.</summary>
/// <param name="TransferId">trf_…, the transfer that the consumer opens.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="SizeBytes">Length of the content as it is served.</param>
/// <param name="Sha256">SHA-256 of the content as it is served, lower-case hex.</param>
/// <param name="InstancesBytes">Total bytes of the instances as they are served; null for transfers of release 0.1.0.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of these instances, lower-case hex; null for transfers of release
/// 0.1.0.</param>
/// <param name="Warnings">Warnings about the study, such as facial_features.</param>
internal sealed record FulfilmentResponse(
    string TransferId, int Instances, long SizeBytes, string Sha256, long? InstancesBytes, string? InstancesSha256,
    IReadOnlyList<FulfilmentWarning> Warnings)
{
    public static FulfilmentResponse From(FulfilmentResult result, IReadOnlyList<string> ignored) => new(
        result.TransferId, result.Instances, result.SizeBytes, result.Sha256, result.InstancesBytes, result.InstancesSha256,
        [.. StudyWarning.FromText(result.Warnings).Select(w => new FulfilmentWarning(w.Code, w.Instances, NamesOf(w, ignored), w.Tags))]);

    private static IReadOnlyList<string>? NamesOf(StudyWarning warning, IReadOnlyList<string> ignored) =>
        warning.Code == StudyWarning.FilesIgnored && ignored.Count > 0 ? ignored : null;
}

/// <summary>A warning about a study.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Instances">The number of instances, or files, that it concerns.</param>
/// <param name="Names">For files_ignored: names of files, at most 20. They are only in this answer and are not stored. Null for other
/// codes and in the answer to a repeated upload.</param>
/// <param name="Tags">The attributes that it concerns (gggg,eeee), at most forty; null for warnings without attributes.</param>
internal sealed record FulfilmentWarning(string Code, int Instances, IReadOnlyList<string>? Names, IReadOnlyList<string>? Tags);

using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Studies.Transfers;

/// <summary>Opens, acknowledges and disputes transfers.</summary>
[ApiController]
[Route("v1/transfers")]
[Tags("Transfers")]
[Produces("application/json")]
internal sealed class TransfersController(
    StudiesDb db, Caller caller, OpenTransfer opening, TransferAnswers answers, Settlement settlement, Receipts receipts) : ControllerBase
{
    /// <summary>Shows one transfer to either party.</summary>
    /// <response code="200">The transfer with its window, meters and disputes.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.StudyRead)]
    public Task<TransferResponse> Get(string id, CancellationToken ct) => answers.Read(db.Transfers.OwnedBy(caller), id, ct);

    /// <summary>Gives the consumer a URL that serves the study for five minutes, and the de-identified metadata.</summary>
    /// <remarks>Each open gives a new URL; the four newest work. A running download is not cut when its URL expires.</remarks>
    /// <response code="200">URL, digest, window, meter and metadata.</response>
    /// <response code="403">wrong_party, transfer_suspended, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">views_exhausted</response>
    /// <response code="410">transfer_destroyed, with destroyedAt and the URL of the certificate</response>
    /// <response code="503">content_unreadable, for a study that release 0.1.0 stored and that must be read first</response>
    [HttpPost("{id}/open")]
    [RequireScope(Scopes.StudyOpen)]
    public async Task<OpenResponse> Open(string id, CancellationToken ct)
    {
        var opened = await opening.Open(id, caller, ct);
        Response.Headers.CacheControl = "no-store"; // the URL is a credential
        return await answers.Shape(opened, ct);
    }

    /// <summary>Accepts the consumer's receipt and compares it with what was ingested and served. A difference raises a dispute.</summary>
    /// <remarks>
    /// Send the count, length and digest of the file that you received; <c>open</c> has the expected values. If you downloaded instances
    /// instead of the archive, send their total bytes and the SHA-256 over their sorted SHA-256, which are <c>instancesBytes</c> and
    /// <c>instancesSha256</c> of <c>open</c>. A receipt cannot be changed.
    /// </remarks>
    /// <response code="200">The transfer; <c>disputed</c> says whether the receipt differs.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">already_acknowledged with another receipt</response>
    [HttpPost("{id}/acknowledge")]
    [RequireScope(Scopes.StudyOpen)]
    [Idempotent(StatusCodes.Status200OK, nameof(Repeated))]
    public async Task<TransferResponse> Acknowledge(string id, AcknowledgeRequest request, CancellationToken ct)
    {
        (await TransferAnswers.Load(db.Transfers.OwnedBy(caller), id, ct)).RequireConsumer(caller);
        await settlement.Settle(id, ct);
        return await answers.Change(
            db.Transfers.OwnedBy(caller), id, (transfer, unsettled, now) => receipts.Accept(transfer, request, unsettled, now, ct), ct);
    }

    /// <summary>Shows the consumer's receipt as a signed statement, to either party.</summary>
    /// <remarks>With <c>Accept: text/plain</c> the answer is the signed note.</remarks>
    /// <response code="200">The receipt.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">not_acknowledged</response>
    [HttpGet("{id}/receipt")]
    [RequireScope(Scopes.StudyRead)]
    [ProducesResponseType<SignedReceiptResponse>(StatusCodes.Status200OK)]
    public async Task<ActionResult<SignedReceiptResponse>> Receipt(string id, CancellationToken ct)
    {
        var receipt = await receipts.Read(await TransferAnswers.Load(db.Transfers.OwnedBy(caller), id, ct), ct);
        return Request.PrefersText() ? PlainText.Of(receipt.Note) : receipt;
    }

    /// <summary>Records that your organization disputes the transfer. The window continues.</summary>
    /// <remarks>Explain the reason outside Aegis: free text could contain patient data.</remarks>
    /// <response code="200">The transfer, disputed.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">already_disputed</response>
    [HttpPost("{id}/dispute")]
    [RequireScope(Scopes.StudyDispute)]
    [Idempotent(StatusCodes.Status200OK, nameof(Repeated))]
    public Task<TransferResponse> Dispute(string id, CancellationToken ct) =>
        answers.Change(db.Transfers.OwnedBy(caller), id, (transfer, _, now) =>
        {
            transfer.Dispute(transfer.RoleOf(caller), now);
            return Task.CompletedTask;
        }, ct);

    /// <summary>
    /// Agrees that the dispute is over. It is resolved when both parties have agreed, or at once by the platform's admin.
    /// </summary>
    /// <response code="200">The transfer; <c>disputed</c> is false when it is resolved.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">not_disputed</response>
    [HttpPost("{id}/resolve")]
    [RequireScope(Scopes.StudyDispute)]
    [Idempotent(StatusCodes.Status200OK, nameof(Repeated))]
    public Task<TransferResponse> Resolve(string id, CancellationToken ct) =>
        answers.Change(db.Transfers.GovernedBy(caller), id, (transfer, _, now) =>
        {
            transfer.Resolve(transfer.RoleOf(caller), now);
            // The agreement of the first party raises no event, so the audited object is set here, also for a repeated call.
            HttpContext.SetAuditedObject(transfer.Id);
            return Task.CompletedTask;
        }, ct);

    /// <summary>The answer to a repeated Idempotency-Key, also for a platform admin, who cannot read transfers otherwise.</summary>
    [NonAction]
    public Task<TransferResponse> Repeated(string id, CancellationToken ct) => answers.Read(db.Transfers.GovernedBy(caller), id, ct);
}

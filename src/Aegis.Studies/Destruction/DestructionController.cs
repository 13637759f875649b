using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Studies.Destruction;

/// <summary>Destroys transfers and certifies their destruction.</summary>
[ApiController]
[Route("v1/transfers/{id}")]
[Tags("Transfers")]
[Produces("application/json")]
internal sealed class DestructionController(
    StudiesDb db, Caller caller, DestructionStart endings, TransferAnswers answers, StatementStore statements) : ControllerBase
{
    /// <summary>
    /// Destroys the study now. Either party may call this. The key is gone before the answer is sent; the bytes are deleted and the
    /// certificate is signed within seconds.
    /// </summary>
    /// <response code="200">The transfer was already destroyed.</response>
    /// <response code="202">The key is destroyed. The bytes follow.</response>
    /// <response code="404">not_found</response>
    [HttpPost("destroy")]
    [RequireScope(Scopes.StudyDestroy)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(Repeated))]
    [ProducesResponseType<TransferResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<TransferResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<TransferResponse>> Destroy(string id, CancellationToken ct)
    {
        var transfer = await endings.Destroy(db.Transfers.GovernedBy(caller).Include(t => t.Meter), id, t => t.RoleOf(caller), ct);
        return StatusCode(
            transfer.Status is TransferStatus.Destroyed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
            await answers.Shape(transfer, ct));
    }

    /// <summary>
    /// Certifies the destruction: what was destroyed, when each step was verified, and what is not covered. It is signed when the
    /// destruction is complete.
    /// </summary>
    /// <remarks>
    /// The certificate is available as soon as the study can no longer be opened; <c>status</c> shows the progress. With
    /// <c>Accept: text/plain</c> the answer is the signed note.
    /// </remarks>
    /// <response code="200">The certificate.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">not_destroyed; certificate_pending for text/plain while the destruction is not complete</response>
    [HttpGet("certificate")]
    [RequireScope(Scopes.StudyRead)]
    [ProducesResponseType<CertificateResponse>(StatusCodes.Status200OK)]
    public async Task<ActionResult<CertificateResponse>> Certificate(string id, CancellationToken ct)
    {
        var unsettled = await answers.Unsettled(id, ct); // read before the meter: bytes may count twice, but are never missed
        if (HttpMethods.IsHead(Request.Method)) return await Head(id, ct);
        var transfer = await LoadEnded(id, ct);
        var note = transfer.Status is TransferStatus.Destroyed ? await statements.Note(transfer, StatementKind.Destruction, ct) : null;
        if (!Request.PrefersText()) return CertificateResponse.From(transfer, unsettled, note);
        return note is null
            ? throw Pending()
            : PlainText.Of(note);
    }

    /// <summary>The answer to a repeated Idempotency-Key.</summary>
    [NonAction]
    public Task<TransferResponse> Repeated(string id, CancellationToken ct) => answers.Read(db.Transfers.GovernedBy(caller), id, ct);

    /// <summary>Answers HEAD: whether GET would succeed. It does not end a window or sign anything.</summary>
    private async Task<ActionResult> Head(string id, CancellationToken ct)
    {
        var transfer = await TransferAnswers.Load(db.Transfers.OwnedBy(caller), id, ct);
        if (transfer.Destruction is null && !endings.HasEnded(transfer)) throw NotDestroyed();
        if (Request.PrefersText() && transfer.Status is not TransferStatus.Destroyed) throw Pending();
        Response.ContentType = Request.PrefersText() ? PlainText.ContentType : "application/json; charset=utf-8";
        return new EmptyResult();
    }

    private static RefusedException NotDestroyed() =>
        Refuse.Conflict("not_destroyed", "This transfer is not destroyed, so there is no certificate. See its window for when it ends.");

    private static RefusedException Pending() =>
        Refuse.Conflict(
            "certificate_pending", "The destruction is not complete yet, so its certificate is not signed. Try again in a second.");

    /// <summary>Loads a transfer that has ended. Ends it now if its window is over and no sweep has ended it yet.</summary>
    private async Task<Transfer> LoadEnded(string id, CancellationToken ct)
    {
        var owned = db.Transfers.OwnedBy(caller);
        var transfer = await TransferAnswers.Load(owned, id, ct);
        if (transfer.Destruction is not null) return transfer;
        if (!endings.HasEnded(transfer)) throw NotDestroyed();

        await endings.EndWindow(id, ct);
        db.ChangeTracker.Clear();
        return await TransferAnswers.Load(owned, id, ct);
    }
}

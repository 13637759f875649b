using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Idempotency;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Metering;
using Aegis.Studies.Persistence;
using Aegis.Studies.Transfers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Studies.Destruction;

/// <summary>The end of transfers.</summary>
[ApiController]
[Route("v1/transfers/{id}")]
[Tags("Transfers")]
[Produces("application/json")]
internal sealed class DestructionController(StudiesDb db, Caller caller, Endings endings, TimeProvider clock) : ControllerBase
{
    /// <summary>Destroys the study now, for either party. Its key is gone when this answers; the bytes and the certificate follow within seconds.</summary>
    /// <response code="200">The transfer was destroyed before.</response>
    /// <response code="202">The key is destroyed, the bytes follow.</response>
    /// <response code="404">not_found</response>
    [HttpPost("destroy")]
    [RequireScope(Scopes.StudyDestroy)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(Again))]
    [ProducesResponseType<TransferResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<TransferResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<TransferResponse>> Destroy(string id, CancellationToken ct)
    {
        var transfer = await endings.Destroy(db.Transfers.GovernedBy(caller).Include(t => t.Meter), id, t => t.RoleOf(caller), ct);
        return StatusCode(
            transfer.Status is TransferStatus.Destroyed ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, await Shape(transfer, ct));
    }

    /// <summary>Certifies the destruction: what was destroyed, when each step was verified, and what is not covered.</summary>
    /// <remarks>It exists from the moment that the study cannot be opened any more; <c>status</c> says how far the destruction is.</remarks>
    /// <response code="200">The certificate. It carries no signature yet.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">not_destroyed</response>
    [HttpGet("certificate")]
    [RequireScope(Scopes.StudyRead)]
    public async Task<CertificateResponse> Certificate(string id, CancellationToken ct)
    {
        var unsettled = await Unsettled(id, ct); // before the meter, as everywhere: counted twice rather than never
        var own = db.Transfers.OwnedBy(caller);
        var transfer = await Load(own, id, ct);
        if (transfer.Destruction is null && transfer.HasEnded(clock.GetUtcNow()))
        {
            await endings.EndWindow(id, ct);
            db.ChangeTracker.Clear();
            transfer = await Load(own, id, ct);
        }

        if (transfer.Destruction is null)
            throw Refuse.Conflict("not_destroyed", "This transfer is not destroyed, so there is nothing to certify. Its window shows when it ends.");
        return CertificateResponse.From(transfer, unsettled);
    }

    /// <summary>The answer to a repeated Idempotency-Key.</summary>
    [NonAction]
    public async Task<TransferResponse> Again(string id, CancellationToken ct) => await Shape(await Load(db.Transfers.GovernedBy(caller), id, ct), ct);

    private static Task<Transfer> Load(IQueryable<Transfer> allowed, string id, CancellationToken ct) =>
        allowed.AsNoTracking().Include(t => t.Meter).Get(id, ct);

    private async Task<TransferResponse> Shape(Transfer transfer, CancellationToken ct) =>
        TransferResponse.From(transfer, await Unsettled(transfer.Id, ct), clock.GetUtcNow());

    private Task<List<StreamLease>> Unsettled(string id, CancellationToken ct) =>
        db.Leases.AsNoTracking().Where(l => l.TransferId == id).OrderBy(l => l.Id).ToListAsync(ct);
}

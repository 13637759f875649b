using Aegis.Kernel.Web.Lists;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Studies.Inbox;

/// <summary>Lists the transfers that a consumer can open.</summary>
[ApiController]
[Route("v1/inbox")]
[Tags("Transfers")]
[Produces("application/json")]
internal sealed class InboxController(StudiesDb db, Caller caller, TimeProvider clock) : ControllerBase
{
    /// <summary>Lists the transfers that your organization can open now, newest first.</summary>
    /// <response code="200">One page.</response>
    /// <response code="400">validation_failed (limit or cursor)</response>
    [HttpGet]
    [RequireScope(Scopes.StudyRead)]
    public Task<Page<InboxItem>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (broken, viewed) = (now - Transfer.ViewCoverage, now - (Transfer.MaxCoverage - Transfer.ViewCoverage));
        var live = db.Transfers.OwnedBy(caller)
            .Where(t => t.ConsumerId == caller.OrganizationId && t.WindowEnd > now)
            .Where(t => t.MaxViews == null || t.Views < t.MaxViews || t.ViewCoveredUntil > now
                || (t.ViewCoveredUntil > viewed && (t.Continuation!.Until > now || db.Leases.Any(l =>
                    l.TransferId == t.Id && l.ExpiresAt > broken && (l.Continues || l.RequestedAt < t.ViewCoveredUntil)))));
        IReadOnlyList<IQueryable<Transfer>> ranges =
            [live.Where(t => t.Status == TransferStatus.Ready), live.Where(t => t.Status == TransferStatus.Open)];
        return ranges.ToPage(page, InboxItem.From, ct);
    }
}

/// <summary>A transfer that can be opened.</summary>
/// <param name="Id">trf_….</param>
/// <param name="RequestId">The request that it answers.</param>
/// <param name="ProviderId">The organization that delivered it.</param>
/// <param name="Status">ready or open.</param>
/// <param name="Disputed">Whether the transfer has an open dispute.</param>
/// <param name="CreatedAt">When it was delivered.</param>
/// <param name="Window">When it may be opened, and how often.</param>
/// <param name="Instances">Number of instances.</param>
/// <param name="SizeBytes">Size of the content.</param>
/// <param name="Sha256">SHA-256 of the content.</param>
/// <param name="Views">The number of views.</param>
internal sealed record InboxItem(
    string Id, string RequestId, string ProviderId, TransferStatus Status, bool Disputed, DateTimeOffset CreatedAt, WindowResponse Window,
    int Instances, long SizeBytes, string Sha256, int Views)
{
    public static InboxItem From(Transfer t) => new(
        t.Id, t.RequestId, t.ProviderId, t.Status, t.Disputed, t.CreatedAt, WindowResponse.From(t),
        t.Study.Instances, t.Study.SizeBytes, t.Study.Sha256, t.Views);
}

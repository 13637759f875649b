using Aegis.Kernel.Web.Lists;

namespace Aegis.Audit.Trail;

/// <summary>The audit trail of the caller's organization.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit")]
internal sealed class AuditController(TrailReader trail, Caller caller, CatchUp catchUp) : ControllerBase
{
    /// <summary>
    /// Lists the audit entries of your organization, newest first. The list includes everything that was answered before this call began.
    /// </summary>
    /// <remarks>
    /// Each page links both ways: <c>nextCursor</c> to older entries, <c>prevCursor</c> to newer ones. The first page has a
    /// <c>prevCursor</c> too. To follow new entries, call again with the latest <c>prevCursor</c>. With a filter that matches few entries,
    /// a page may contain fewer entries than <c>limit</c>, or none, although more follow: continue until <c>nextCursor</c> is null, or
    /// <c>prevCursor</c> no longer changes. With <c>from</c> or <c>to</c>, entries are ordered by time: do not use these filters to follow
    /// new entries.
    /// </remarks>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.AuditRead)]
    public async Task<AuditPage> List([FromQuery] AuditFilter filter, [FromQuery] PageQuery page, CancellationToken ct)
    {
        var (size, cursor) = (page.Size(), TrailCursor.Of(page));
        await catchUp.Wait(ct);

        var piece = await trail.Find(caller.OrganizationId, filter, cursor, size, last: null, ct);
        var (older, newer) = cursor?.IsNewer is true ? AroundNewer(piece, cursor) : AroundOlder(piece, cursor);
        var items = await trail.Load(caller, cursor?.IsNewer is true ? [.. piece.Positions.Reverse()] : piece.Positions, ct);
        return new AuditPage(items, older?.Encode(), newer?.Encode());
    }

    private static (TrailCursor? Older, TrailCursor? Newer) AroundOlder(TrailPiece piece, TrailCursor? cursor) => (
        piece.End is { } end ? TrailCursor.OlderThan(end) : null,
        piece.Positions is [var newest, ..] ? TrailCursor.NewerThan(newest) : cursor?.Reversed());

    private static (TrailCursor? Older, TrailCursor? Newer) AroundNewer(TrailPiece piece, TrailCursor cursor) => (
        piece.Positions is [var oldest, ..] ? TrailCursor.OlderThan(oldest) : cursor.Reversed(),
        (piece.End ?? (piece.Positions is [.., var newest] ? newest : null)) is { } end ? TrailCursor.NewerThan(end) : cursor);
}

/// <summary>One page of the trail, newest first.</summary>
/// <param name="Items">At most <c>limit</c> entries.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get older entries; null if there are none.</param>
/// <param name="PrevCursor">Pass it as <c>cursor</c> to get newer entries, now or later; null if the trail is empty.</param>
internal sealed record AuditPage(IReadOnlyList<AuditItem> Items, string? NextCursor, string? PrevCursor);

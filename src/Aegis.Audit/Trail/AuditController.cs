using Aegis.Kernel.Web.Lists;

namespace Aegis.Audit.Trail;

/// <summary>The audit trail of the caller's organization.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit")]
internal sealed class AuditController(TrailReader trail, Caller caller, CatchUp catchUp) : ControllerBase
{
    /// <summary>
    /// Lists the organization's audit entries, newest first. Everything that was answered before this call began is in it.
    /// </summary>
    /// <remarks>
    /// Each page leads both ways: <c>nextCursor</c> to what is older, <c>prevCursor</c> to what is newer, also from the first page on, so
    /// that new entries can be followed by asking with the latest <c>prevCursor</c> again. A page of a rare filter may hold fewer entries
    /// than <c>limit</c>, even none, while its cursor leads on: go on until <c>nextCursor</c> is null, or <c>prevCursor</c> stays the same.
    /// With <c>from</c> or <c>to</c> entries are ordered by their time: follow without them.
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
        var items = await trail.Load(caller, cursor?.IsNewer is true ? [.. piece.Places.Reverse()] : piece.Places, ct);
        return new AuditPage(items, older?.Encode(), newer?.Encode());
    }

    private static (TrailCursor? Older, TrailCursor? Newer) AroundOlder(TrailPiece piece, TrailCursor? cursor) => (
        piece.End is { } end ? TrailCursor.OlderThan(end) : null,
        piece.Places is [var newest, ..] ? TrailCursor.NewerThan(newest) : cursor?.Turned());

    private static (TrailCursor? Older, TrailCursor? Newer) AroundNewer(TrailPiece piece, TrailCursor cursor) => (
        piece.Places is [var oldest, ..] ? TrailCursor.OlderThan(oldest) : cursor.Turned(),
        (piece.End ?? (piece.Places is [.., var newest] ? newest : null)) is { } end ? TrailCursor.NewerThan(end) : cursor);
}

/// <summary>One page of the trail, newest first.</summary>
/// <param name="Items">At most <c>limit</c> entries.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get what is older; null when there is nothing.</param>
/// <param name="PrevCursor">Pass it as <c>cursor</c> to get what is newer, now or later; null when the trail is empty.</param>
internal sealed record AuditPage(IReadOnlyList<AuditItem> Items, string? NextCursor, string? PrevCursor);

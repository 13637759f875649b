using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Audit.Trail;

/// <summary>The audit trail of the caller's organization as one stream.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit/export")]
internal sealed class ExportController(TrailReader trail, TrailExport export, Caller caller, CatchUp catchUp) : ControllerBase
{
    /// <summary>Streams the audit entries of your organization as newline-delimited JSON, oldest first, without a limit.</summary>
    /// <remarks>
    /// The export ends with the entry that was newest when it began. An interrupted export breaks the connection, so that it cannot be
    /// mistaken for a complete one. To continue, pass the id of the last complete line as <c>after</c>. The export is interrupted within
    /// 250 ms when its key is revoked.
    /// </remarks>
    /// <param name="filter">Selects the entries.</param>
    /// <param name="after">log_…: the export starts after this entry.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="200">One entry per line, in the same form as in the list.</response>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.AuditRead)]
    [StreamsContent]
    [Produces("application/x-ndjson")]
    [ProducesResponseType<AuditItem>(StatusCodes.Status200OK)]
    public async Task Export([FromQuery] AuditFilter filter, [FromQuery] string? after, CancellationToken ct)
    {
        await catchUp.Wait(ct);
        var begin = after is null ? new TrailCursor(0, 0, IsNewer: true) : TrailCursor.NewerThan(await PositionOf(after, ct));
        if (HttpMethods.IsHead(Request.Method))
        {
            Response.ContentType = TrailExport.ContentType;
            return;
        }

        var last = await trail.Newest(caller.OrganizationId, ct) ?? -1; // before the export's own entry
        await export.Send(new ExportRange(filter, begin, last), caller, HttpContext);
    }

    private async Task<TrailPosition> PositionOf(string entryId, CancellationToken ct) =>
        (entryId.Length <= Ids.MaxLength ? await trail.PositionOf(caller.OrganizationId, entryId, ct) : null)
        ?? throw Invalid.Field("after", "after must be the id of an entry of your organization's trail: log_….");
}

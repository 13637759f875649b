using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Audit.Trail;

/// <summary>The audit trail of the caller's organization as one stream.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit/export")]
internal sealed class ExportController(TrailReader trail, TrailExport export, Caller caller, CatchUp catchUp) : ControllerBase
{
    /// <summary>Streams the organization's audit entries as newline-delimited JSON, oldest first, however many they are.</summary>
    /// <remarks>
    /// It ends with the newest entry of the moment it began. An export that was cut breaks the connection, so that it cannot be taken for a
    /// whole one: go on with <c>after</c>, the id of the last whole line. It is cut within 250 ms when the key of the call is revoked.
    /// </remarks>
    /// <param name="filter">Which entries.</param>
    /// <param name="after">log_… of the entry behind which it begins.</param>
    /// <param name="ct">Ends the call early.</param>
    /// <response code="200">One entry a line, of the form that the list has.</response>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.AuditRead)]
    [StreamsContent]
    [Produces("application/x-ndjson")]
    [ProducesResponseType<AuditItem>(StatusCodes.Status200OK)]
    public async Task Export([FromQuery] AuditFilter filter, [FromQuery] string? after, CancellationToken ct)
    {
        await catchUp.Wait(ct);
        var begin = after is null ? new TrailCursor(0, 0, IsNewer: true) : TrailCursor.NewerThan(await PlaceOf(after, ct));
        if (HttpMethods.IsHead(Request.Method))
        {
            Response.ContentType = TrailExport.ContentType;
            return;
        }

        var last = await trail.Newest(caller.OrganizationId, ct) ?? -1; // before the export's own entry
        await export.Send(new ExportRange(filter, begin, last), caller, HttpContext);
    }

    private async Task<TrailPosition> PlaceOf(string entryId, CancellationToken ct) =>
        (entryId.Length <= Ids.MaxLength ? await trail.PlaceOf(caller.OrganizationId, entryId, ct) : null)
        ?? throw Invalid.Field("after", "after must be the id of an entry of your organization's trail: log_….");
}

using Aegis.Kernel.Web.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Aegis.Studies.Serving;

/// <summary>Serves the content of opened transfers.</summary>
[ApiController]
[Route("v1/content")]
[Tags("Transfers")]
internal sealed class ContentController(TicketCheck check, ContentStreams contents, StreamAudit audit) : ControllerBase
{
    private const string ArchiveType = "application/zip";

    /// <summary>
    /// Downloads the study as a zip of DICOM files, whole or by Range. Use If-Range to continue an interrupted download.
    /// </summary>
    /// <remarks>The URL comes from <c>open</c> and is the credential. The zip and its ETag are the same for every open.</remarks>
    /// <param name="ticket">The last part of the <c>url</c> of open.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <response code="200">The whole archive.</response>
    /// <response code="206">The requested range.</response>
    /// <response code="304">If-None-Match names the content that would be served.</response>
    /// <response code="400">if_match_invalid</response>
    /// <response code="403">ticket_expired, ticket_revoked, transfer_suspended</response>
    /// <response code="404">not_found</response>
    /// <response code="409">views_exhausted</response>
    /// <response code="410">transfer_destroyed</response>
    /// <response code="412">revision_mismatch: If-Match names other content</response>
    /// <response code="416">range_not_satisfiable</response>
    /// <response code="429">too_many_pieces</response>
    /// <response code="503">content_unreadable</response>
    [HttpGet("{ticket}")]
    [HttpHead("{ticket}")]
    [AllowAnonymous]
    [StreamsContent]
    [Produces(ArchiveType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status206PartialContent)]
    public async Task Download(string? ticket, CancellationToken ct)
    {
        var served = await check.Admit(ticket, HttpContext, ct);
        var study = served.Transfer.Study;
        Request.RequireMatch(study.ETag, "If-Match does not name the content of this URL. Download it from the beginning.");
        Describe(served.TransferId, study.ETag);
        if (IsKnown(study.ETag))
        {
            await audit.Answered(served, StatusCodes.Status304NotModified, HttpContext);
            Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        Response.ContentType = ArchiveType;
        if (HttpMethods.IsHead(Request.Method))
        {
            await audit.Answered(served, StatusCodes.Status200OK, HttpContext);
            Response.ContentLength = study.SizeBytes;
            return;
        }

        var range = RangeOf(study.ETag, study.SizeBytes);
        if (!range.IsSatisfiable)
        {
            Response.Headers.ContentRange = new ContentRangeHeaderValue(study.SizeBytes).ToString();
            await Kernel.Web.Refusals.Problem.Write(HttpContext, new RefusedException(
                StatusCodes.Status416RangeNotSatisfiable, "range_not_satisfiable",
                $"The content has {study.SizeBytes} bytes. Request a range within them."));
            return;
        }

        Response.ContentLength = range.Length;
        if (range.IsPartial)
        {
            Response.StatusCode = StatusCodes.Status206PartialContent;
            Response.Headers.ContentRange = new ContentRangeHeaderValue(range.From, range.To - 1, study.SizeBytes).ToString();
        }

        await contents.Send(served, range, HttpContext);
    }

    private void Describe(string transferId, string etag)
    {
        var headers = Response.Headers;
        headers.ETag = etag;
        headers.AcceptRanges = "bytes";
        headers.CacheControl = "no-store";
        headers.ContentDisposition = $"attachment; filename=\"{transferId}.zip\"";
    }

    private bool IsKnown(string etag) =>
        Request.Headers.IfNoneMatch.Count > 0
        && EntityTagHeaderValue.TryParseList(Request.Headers.IfNoneMatch, out var tags)
        && tags.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false));

    private ByteRange RangeOf(string etag, long size)
    {
        var ifRange = Request.Headers.IfRange.Count > 0 ? Request.Headers.IfRange.ToString() : null;
        var range = Request.Headers.Range.Count > 0 && ByteRange.Applies(ifRange, etag) ? Request.Headers.Range.ToString() : null;
        return ByteRange.Parse(range, size);
    }
}

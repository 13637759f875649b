namespace Aegis.Audit.Tlog;

/// <summary>The audit log in the format of transparency log tools (C2SP tlog-tiles). It does not reveal what happened or to whom.</summary>
[Tags("Audit")]
[ApiController]
[Route("v1/audit/tlog")]
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class TlogController(PublishedCheckpoint published, TileReader tiles, EntryBundle bundles) : ControllerBase
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Bytes = "application/octet-stream";

    /// <summary>
    /// Returns the newest checkpoint: a signed note with the log's size and root. A new one is made at most once a second.
    /// </summary>
    /// <response code="200">The checkpoint.</response>
    /// <response code="503">checkpoint_pending</response>
    [HttpGet("checkpoint")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/plain")]
    public async Task<IActionResult> Checkpoint(CancellationToken ct)
    {
        var (note, _) = await published.Read(ct);
        return Content(note, Text);
    }

    /// <summary>
    /// Returns up to 256 hashes of one level of the tree: <c>x001/234</c> is tile 1234, and <c>x001/234.p/8</c> its first eight hashes.
    /// </summary>
    /// <param name="level">0 for the leaves; each hash of the next level covers 256 times as many.</param>
    /// <param name="path">Number and width of the tile.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="200">The hashes, 32 bytes each.</response>
    /// <response code="404">not_found</response>
    [HttpGet("tile/{level}/{**path}")]
    [ProducesResponseType<FileContentResult>(StatusCodes.Status200OK, Bytes)]
    public async Task<IActionResult> GetTile(string level, string? path, CancellationToken ct)
    {
        if (!int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || level != number.ToString(CultureInfo.InvariantCulture)
            || TilePath.Parse(path) is not { } asked)
            throw Refuse.NotFound("tile");

        var hashes = await tiles.Hashes(number, asked.Number, ct);
        if (hashes is null || hashes.Length < asked.Width * Hashing.Length) throw Refuse.NotFound("tile");
        return File(hashes.Length == asked.Width * Hashing.Length ? hashes : hashes[..(asked.Width * Hashing.Length)], Bytes);
    }

    /// <summary>
    /// Returns the data of up to 256 leaves, each after its 16-bit length: the 8-byte sequence and the salted commitment.
    /// </summary>
    /// <param name="path">Number and width, as for a tile.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="200">The leaves.</response>
    /// <response code="404">not_found</response>
    [HttpGet("tile/entries/{**path}")]
    [ProducesResponseType<FileContentResult>(StatusCodes.Status200OK, Bytes)]
    public async Task<IActionResult> GetEntries(string? path, CancellationToken ct)
    {
        if (TilePath.Parse(path) is not { } asked || await bundles.Read(asked.Number, asked.Width, ct) is not { } bundle)
            throw Refuse.NotFound("bundle of entries");
        return File(bundle, Bytes);
    }
}

namespace Aegis.Webhooks.Events;

/// <summary>One event.</summary>
/// <param name="Id">evt_…, the <c>webhook-id</c> of its deliveries.</param>
/// <param name="Type">Its name.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">As in the body of a delivery.</param>
internal sealed record EventItem(string Id, string Type, DateTimeOffset Timestamp, JsonObject Data);

/// <summary>Events in the order in which they were committed.</summary>
/// <param name="Items">At most <c>limit</c> events.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get what comes after; there always is one.</param>
internal sealed record EventPage(IReadOnlyList<EventItem> Items, string NextCursor);

/// <summary>What happened, for receivers that cannot be called.</summary>
[ApiController]
[Tags("Webhooks")]
internal sealed class EventsController(WebhooksDb db, Caller caller, IKeyDirectory keys, NewEvents arrivals, TimeProvider clock)
    : ControllerBase
{
    private const int MaxWait = 60; // seconds
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // what other hosts publish

    /// <summary>Gives the own organization's events in order, and waits for the next one when there is none.</summary>
    /// <remarks>
    /// Events of kinds that the caller may not read (<c>required_permission</c> of <c>GET /v1/webhooks/event-types</c>) are left out, and
    /// what happened with partners that its key is not for. None is skipped: whoever goes on with <c>nextCursor</c> gets each event once.
    /// </remarks>
    /// <param name="cursor">The <c>nextCursor</c> of the answer before; the oldest event that is kept unless told.</param>
    /// <param name="wait">Seconds to wait for an event, 0–60; 0 unless told.</param>
    /// <param name="limit">1–200 events, 50 unless told.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <response code="400">validation_failed</response>
    /// <response code="401">api_key_revoked: the key ended while the call waited</response>
    /// <response code="410">events_expired</response>
    [HttpGet("v1/events")]
    [RequireScope(Scopes.WebhookRead)]
    public async Task<EventPage> Events([FromQuery] string? cursor, [FromQuery] int? wait, [FromQuery] int? limit, CancellationToken ct)
    {
        if (wait is < 0 or > MaxWait) throw Invalid.Field("wait", $"wait must be between 0 and {MaxWait} seconds.");
        var size = new PageQuery(limit).Size();
        var after = await After(cursor, ct);
        var types = EventTypes.Published.All.Where(t => caller.Has(t.Scope)).Select(t => t.Name).ToList();
        var (begun, patience) = (clock.GetTimestamp(), TimeSpan.FromSeconds(HttpMethods.IsHead(Request.Method) ? 0 : wait ?? 0));
        while (true)
        {
            var next = arrivals.Next(caller.OrganizationId);
            var (items, reached, isFull) = await Read(after, size, types, ct);
            var left = patience - clock.GetElapsedTime(begun);
            // full and empty: all of other partners
            if (items.Count > 0 || isFull || left <= TimeSpan.Zero) return new EventPage(items, Cursor(reached));
            after = reached;
            await Task.WhenAny(next, Task.Delay(left < Poll ? left : Poll, clock, ct));
            ct.ThrowIfCancellationRequested();
            if (caller.CredentialId is { } credential && !await keys.IsActive(credential, ct))
                throw Refuse.Unauthorized("api_key_revoked", "The API key or login ended while the call waited. Use another one.");
        }
    }

    /// <summary>Reads up to the count as it stands committed: all before it is committed too.</summary>
    private async Task<(List<EventItem> Items, long Reached, bool IsFull)> Read(
        long after, int size, List<string> types, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var last = await db.Counts.AsNoTracking().Where(c => c.OrganizationId == own).Select(c => c.Last).FirstOrDefaultAsync(ct);
        if (last <= after) return ([], after, false);
        var found = await db.Events.AsNoTracking()
            .Where(e => e.OrganizationId == own && e.Sequence > after && e.Sequence <= last && types.Contains(e.Type))
            .OrderBy(e => e.Sequence).Take(size).ToListAsync(ct);
        var items = found.ConvertAll(e => new EventItem(e.EventId, e.Type, e.At, JsonNode.Parse(e.Data)!.AsObject()));
        var isFull = found.Count == size;
        return (items.FindAll(i => EventType.MayRead(caller, i.Data)), isFull ? found[^1].Sequence : last, isFull);
    }

    private async Task<long> After(string? cursor, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        if (string.IsNullOrEmpty(cursor)) return 0;
        if (!long.TryParse(new PageQuery(Cursor: cursor).After(), NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            throw Invalid.Field("cursor", "cursor is not one that this list gave out. Start again without it.");
        // The count before the events: one that is published in between must not look like one that was there and is gone.
        var last = await db.Counts.AsNoTracking().Where(c => c.OrganizationId == own).Select(c => c.Last).FirstOrDefaultAsync(ct);
        if (after > last) throw Invalid.Field("cursor", "cursor is not one that this list gave out. Start again without it.");
        var oldest = await db.Events.AsNoTracking().Where(e => e.OrganizationId == own).OrderBy(e => e.Sequence)
            .Select(e => (long?)e.Sequence).FirstOrDefaultAsync(ct);
        if (after + 1 < (oldest ?? last + 1))
            throw Refuse.Gone("events_expired", "Events after this cursor are older than what is kept, and gone. Start again without it.");
        return after;
    }

    private static string Cursor(long after) => PageQuery.Encode(after.ToString(CultureInfo.InvariantCulture));
}

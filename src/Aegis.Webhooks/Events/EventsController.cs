namespace Aegis.Webhooks.Events;

/// <summary>One event.</summary>
/// <param name="Id">evt_…, the <c>webhook-id</c> of its deliveries.</param>
/// <param name="Type">Name of the event.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The same data as in the body of a delivery.</param>
internal sealed record EventItem(string Id, string Type, DateTimeOffset Timestamp, JsonObject Data);

/// <summary>A page of events in commit order.</summary>
/// <param name="Items">At most <c>limit</c> events.</param>
/// <param name="NextCursor">Cursor of the next page. It is always present; pass it as <c>cursor</c>.</param>
internal sealed record EventPage(IReadOnlyList<EventItem> Items, string NextCursor);

/// <summary>Events for clients that poll because they cannot be called.</summary>
[ApiController]
[Tags("Webhooks")]
internal sealed class EventsController(WebhooksDb db, Caller caller, IKeyDirectory keys, NewEvents arrivals, TimeProvider clock)
    : ControllerBase
{
    private const int MaxWait = 60; // seconds
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // finds events that other hosts published

    /// <summary>Lists your organization's events in commit order. If there is none, the call can wait for the next one.</summary>
    /// <remarks>
    /// The list contains only events whose scope (<c>requiredPermission</c> of <c>GET /v1/webhooks/event-types</c>) the caller has, and
    /// whose partners its key is allowed for. A client that continues with <c>nextCursor</c> gets each event once and misses none.
    /// </remarks>
    /// <param name="cursor">The <c>nextCursor</c> of the previous answer. Default: starts at the oldest stored event.</param>
    /// <param name="wait">Seconds to wait for an event, 0–60. Default: 0.</param>
    /// <param name="limit">1–200 events. Default: 50.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="400">validation_failed</response>
    /// <response code="401">api_key_revoked: the key was revoked while the call waited</response>
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
            // a full page without items: all events are of partners that the key is not allowed for
            if (items.Count > 0 || isFull || left <= TimeSpan.Zero) return new EventPage(items, Cursor(reached));
            after = reached;
            await Task.WhenAny(next, Task.Delay(left < Poll ? left : Poll, clock, ct));
            ct.ThrowIfCancellationRequested();
            if (caller.CredentialId is { } credential && !await keys.IsActive(credential, ct))
                throw Refuse.Unauthorized("api_key_revoked",
                    "The API key or session ended while the call waited. Use another API key or sign in again.");
        }
    }

    /// <summary>Reads events up to the committed count. All events up to that count are committed too.</summary>
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
            throw Invalid.Field("cursor", "cursor was not returned by this list. Start again without a cursor.");
        // Reads the count before the events. Otherwise an event published in between would look like one that was purged.
        var last = await db.Counts.AsNoTracking().Where(c => c.OrganizationId == own).Select(c => c.Last).FirstOrDefaultAsync(ct);
        if (after > last) throw Invalid.Field("cursor", "cursor was not returned by this list. Start again without a cursor.");
        var oldest = await db.Events.AsNoTracking().Where(e => e.OrganizationId == own).OrderBy(e => e.Sequence)
            .Select(e => (long?)e.Sequence).FirstOrDefaultAsync(ct);
        if (after + 1 < (oldest ?? last + 1))
            throw Refuse.Gone("events_expired",
                "Events after this cursor were deleted because they are too old. Start again without a cursor.");
        return after;
    }

    private static string Cursor(long after) => PageQuery.Encode(after.ToString(CultureInfo.InvariantCulture));
}

using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Webhooks.Deliveries;

/// <summary>What was sent, what came of it, and how to send it again.</summary>
[ApiController]
[Route("v1/webhooks")]
[Tags("Webhooks")]
internal sealed class DeliveriesController(WebhooksDb db, Caller caller, Replays replays) : ControllerBase
{
    private const int MaxAttempts = 50;

    /// <summary>Lists the deliveries of an endpoint, newest first.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="page">Which page.</param>
    /// <param name="status"><c>waiting</c>, <c>delivered</c> or <c>failed</c>; all of them unless told.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found</response>
    [HttpGet("{id}/deliveries")]
    [RequireScope(Scopes.WebhookRead)]
    public async Task<Page<DeliveryItem>> List(
        string id, [FromQuery] PageQuery page, [FromQuery] DeliveryState? status, CancellationToken ct)
    {
        var endpoint = await Endpoint(id, ct);
        DeliveryStatus[] statuses = status switch
        {
            DeliveryState.Waiting => [DeliveryStatus.Waiting, DeliveryStatus.Verifying],
            DeliveryState.Delivered => [DeliveryStatus.Delivered],
            DeliveryState.Failed => [DeliveryStatus.Failed],
            _ => Enum.GetValues<DeliveryStatus>(),
        };
        var ranges = statuses.Select(s => db.Deliveries.Where(d => d.EndpointId == endpoint.Id && d.Status == s)).ToList();
        return await ranges.ToPage(page, DeliveryItem.From, ct);
    }

    /// <summary>One delivery with its attempts.</summary>
    /// <response code="404">not_found</response>
    [HttpGet("deliveries/{id}")]
    [RequireScope(Scopes.WebhookRead)]
    public async Task<DeliveryDetails> Get(string id, CancellationToken ct)
    {
        var (_, delivery) = await Delivery(id, ct);
        var attempts = await db.Attempts.AsNoTracking().Where(a => a.DeliveryId == id).OrderByDescending(a => a.Number).Take(MaxAttempts)
            .Select(a => new AttemptItem(a.Number, a.At, a.LatencyMs, a.Status, a.Error, a.Excerpt)).ToListAsync(ct);
        return new DeliveryDetails(DeliveryItem.From(delivery), attempts);
    }

    /// <summary>
    /// Sends a delivery again from the start of its schedule, with the same <c>webhook-id</c>; also one that was delivered.
    /// </summary>
    /// <remarks>To an endpoint that is disabled it goes when that is enabled again.</remarks>
    /// <response code="202">The delivery, due now.</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read all that the endpoint hears</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    [HttpPost("deliveries/{id}/replay")]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(Replayed))]
    [ProducesResponseType<DeliveryItem>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<DeliveryItem>> ReplayOne(string id, CancellationToken ct)
    {
        return Accepted(DeliveryItem.From(await db.RetryOnConflict(async () =>
        {
            var (endpoint, delivery) = await Delivery(id, ct);
            HttpContext.SetAuditedObject(delivery.Id);
            Hearing.Require(caller, endpoint.Patterns);
            await replays.One(endpoint, delivery, ct);
            return delivery;
        })));
    }

    /// <summary>Sends all failed deliveries of an endpoint again, or every event of a range of time that it listens to.</summary>
    /// <remarks>
    /// At most 500 for each call: go on with <c>nextCursor</c>, and another Idempotency-Key if you send one. Events of the range that were
    /// never queued for the endpoint, since it was disabled or not there yet, are queued.
    /// </remarks>
    /// <response code="202">How many are due now.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read all that the endpoint hears</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    [HttpPost("{id}/replay")]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(ReplayedMany))]
    [ProducesResponseType<ReplayResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<ReplayResponse>> Replay(string id, ReplayRequest request, CancellationToken ct)
    {
        Hearing.Require(caller, (await Endpoint(id, ct)).Patterns);
        var replay = replays.NewId(); // one for all tries
        HttpContext.SetAuditedObject(replay);
        return Accepted(ReplayResponse.From(await db.RetryOnConflict(async () => request.From is { } from
            ? await replays.Range(await Endpoint(id, ct), replay, (from, request.To), request.Cursor, ct)
            : await replays.Failed(await Endpoint(id, ct), replay, ct))));
    }

    /// <summary>The answer to a repeated replay.</summary>
    [NonAction]
    public async Task<DeliveryItem> Replayed(string id, CancellationToken ct) => DeliveryItem.From((await Delivery(id, ct)).Delivery);

    /// <summary>The answer to a repeated replay of many.</summary>
    [NonAction]
    public async Task<ReplayResponse> ReplayedMany(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        return ReplayResponse.From(await db.Replays.AsNoTracking().FirstOrDefaultAsync(r => r.OrganizationId == own && r.Id == id, ct)
            ?? throw Refuse.NotFound("replay"));
    }

    private async Task<WebhookEndpoint> Endpoint(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        return await db.Endpoints.FirstOrDefaultAsync(e => e.OrganizationId == own && e.Id == id, ct) ?? throw Refuse.NotFound("webhook");
    }

    /// <summary>With its endpoint: what an endpoint that was removed was sent is shown no more.</summary>
    private async Task<(WebhookEndpoint Endpoint, Delivery Delivery)> Delivery(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var delivery = await db.Deliveries.FirstOrDefaultAsync(d => d.OrganizationId == own && d.Id == id, ct)
            ?? throw Refuse.NotFound("delivery");
        return (await Endpoint(delivery.EndpointId, ct), delivery);
    }
}

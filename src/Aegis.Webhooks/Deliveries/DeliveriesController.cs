using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Webhooks.Deliveries;

/// <summary>Deliveries, their attempts, and replays.</summary>
[ApiController]
[Route("v1/webhooks")]
[Tags("Webhooks")]
internal sealed class DeliveriesController(WebhooksDb db, Caller caller, Replays replays) : ControllerBase
{
    private const int MaxAttempts = 50;

    /// <summary>Lists the deliveries of an endpoint, newest first.</summary>
    /// <param name="id">whk_….</param>
    /// <param name="page">Page to return.</param>
    /// <param name="status">Only deliveries in this state: <c>waiting</c>, <c>delivered</c> or <c>failed</c>. Default: all.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
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

    /// <summary>Returns one delivery with its newest attempts.</summary>
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

    /// <summary>Restarts the schedule of a delivery, even one that was delivered. The <c>webhook-id</c> stays the same.</summary>
    /// <remarks>If the endpoint is disabled, the delivery is sent once the endpoint is enabled again.</remarks>
    /// <response code="202">The delivery, due now.</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
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
            SubscriptionRights.Require(caller, endpoint.Patterns);
            await replays.One(endpoint, delivery, ct);
            return delivery;
        })));
    }

    /// <summary>Sends all failed deliveries of an endpoint again, or every event of a time range that the endpoint subscribes to.</summary>
    /// <remarks>
    /// One call handles at most 500 deliveries. For more, repeat the call with <c>nextCursor</c>, and with a new Idempotency-Key if you
    /// send one. Events of the range that were never queued for the endpoint, because it was disabled or not registered yet, are queued.
    /// </remarks>
    /// <response code="202">The number of deliveries queued.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    [HttpPost("{id}/replay")]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(ReplayedMany))]
    [ProducesResponseType<ReplayResponse>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<ReplayResponse>> Replay(string id, ReplayRequest request, CancellationToken ct)
    {
        SubscriptionRights.Require(caller, (await Endpoint(id, ct)).Patterns);
        var replay = replays.NewId(); // the same id on every retry
        HttpContext.SetAuditedObject(replay);
        return Accepted(ReplayResponse.From(await db.RetryOnConflict(async () => request.From is { } from
            ? await replays.Range(await Endpoint(id, ct), replay, (from, request.To), request.Cursor, ct)
            : await replays.Failed(await Endpoint(id, ct), replay, ct))));
    }

    /// <summary>The answer to a repeated request for one replay.</summary>
    [NonAction]
    public async Task<DeliveryItem> Replayed(string id, CancellationToken ct) => DeliveryItem.From((await Delivery(id, ct)).Delivery);

    /// <summary>The answer to a repeated request for many replays.</summary>
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

    /// <summary>Loads a delivery and its endpoint. The deliveries of a removed endpoint are not shown.</summary>
    private async Task<(WebhookEndpoint Endpoint, Delivery Delivery)> Delivery(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var delivery = await db.Deliveries.FirstOrDefaultAsync(d => d.OrganizationId == own && d.Id == id, ct)
            ?? throw Refuse.NotFound("delivery");
        return (await Endpoint(delivery.EndpointId, ct), delivery);
    }
}

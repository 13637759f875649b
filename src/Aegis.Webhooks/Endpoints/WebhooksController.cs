using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Endpoints of your organization: addresses that its events are sent to, signed according to Standard Webhooks 1.0.</summary>
[ApiController]
[Route("v1/webhooks")]
[Tags("Webhooks")]
internal sealed class WebhooksController(WebhooksDb db, Caller caller, EndpointChanges changes, TimeProvider clock) : ControllerBase
{
    /// <summary>Registers an address that events are sent to. Only this answer shows the secret.</summary>
    /// <remarks>
    /// A signed <c>webhook.ping</c> is sent at once. Events raised before it is answered with 2xx are queued. Each event needs the scope
    /// that <c>GET /v1/webhooks/event-types</c> names. A pattern such as <c>*</c> is stored as the names that the caller may read, and the
    /// answer shows them. If the user behind the caller later loses a scope, its events are no longer sent.
    /// </remarks>
    /// <response code="201">The endpoint, pending, with its secret.</response>
    /// <response code="400">validation_failed, address_not_allowed</response>
    /// <response code="403">missing_scope, key_narrowed</response>
    /// <response code="409">too_many_webhooks, secret_already_shown</response>
    [HttpPost]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<NewWebhookResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<NewWebhookResponse>> Create(CreateWebhookRequest request, CancellationToken ct)
    {
        var (endpoint, secret) = await changes.Register(caller, request, ct);
        Response.Headers.CacheControl = "no-store";
        Response.SetETag(endpoint);
        return CreatedAtAction(nameof(Get), new { id = endpoint.Id }, new NewWebhookResponse(
            endpoint.Id, WebhookAddress.Masked(changes.AddressOf(endpoint)), endpoint.Patterns, endpoint.Description, endpoint.Status,
            secret, endpoint.CreatedAt));
    }

    /// <summary>Lists endpoints, newest first.</summary>
    /// <response code="400">validation_failed</response>
    [HttpGet]
    [RequireScope(Scopes.WebhookRead)]
    public async Task<Page<WebhookResponse>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var found = await db.Endpoints.Where(e => e.OrganizationId == own).ToPage(page, e => e, ct);
        var ids = found.Items.Select(e => e.Id).ToList();
        var queues = await db.EndpointQueues.AsNoTracking().Where(l => ids.Contains(l.EndpointId)).ToDictionaryAsync(l => l.EndpointId, ct);
        return new Page<WebhookResponse>(
            found.Items.Select(e => WebhookResponse.From(e, changes.AddressOf(e), queues.GetValueOrDefault(e.Id), clock.GetUtcNow()))
                .ToList(), found.NextCursor);
    }

    /// <summary>Returns one endpoint and its state, without its secret.</summary>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.WebhookRead)]
    public async Task<WebhookResponse> Get(string id, CancellationToken ct) => await Answer(await Own(id, ct), ct);

    /// <summary>
    /// Changes the members that are sent. The caller needs the scopes of all events of the endpoint. A new address is sent a ping first;
    /// until it answers, events are queued.
    /// </summary>
    /// <response code="400">validation_failed, address_not_allowed</response>
    /// <response code="403">missing_scope, key_narrowed</response>
    /// <response code="404">not_found</response>
    /// <response code="409">concurrent_change</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPatch("{id}")]
    [RequireScope(Scopes.WebhookWrite)]
    public Task<WebhookResponse> Update(string id, UpdateWebhookRequest request, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var endpoint = await OwnForChange(id, ct);
        Request.RequireMatch(endpoint);
        await changes.Change(caller, endpoint, request, ct);
        return await Answer(endpoint, ct);
    });

    /// <summary>Removes an endpoint. Deliveries that are still waiting are not sent.</summary>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
    /// <response code="404">not_found</response>
    /// <response code="412">revision_mismatch</response>
    [HttpDelete("{id}")]
    [RequireScope(Scopes.WebhookWrite)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public Task<IActionResult> Remove(string id, CancellationToken ct) => db.RetryOnConflict<IActionResult>(async () =>
    {
        var endpoint = await OwnForChange(id, ct);
        Request.RequireMatch(endpoint);
        endpoint.Remove();
        db.Endpoints.Remove(endpoint);
        db.EndpointQueues.RemoveRange(await db.EndpointQueues.Where(l => l.EndpointId == id).ToListAsync(ct));
        await db.SaveChangesAsync(ct);
        return NoContent();
    });

    /// <summary>Creates a new secret and shows it once. Until the overlap ends, deliveries are signed with both secrets.</summary>
    /// <remarks>A rotation during an overlap ends the older of the two secrets. After a leak, send <c>{"overlapHours":0}</c>.</remarks>
    /// <response code="400">validation_failed</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
    /// <response code="404">not_found</response>
    /// <response code="409">secret_already_shown, concurrent_change</response>
    [HttpPost("{id}/rotate-secret")]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status200OK, answer: null)]
    public Task<NewSecretResponse> RotateSecret(string id, RotateSecretRequest request, CancellationToken ct) =>
        db.RetryOnConflict(async () =>
    {
        var endpoint = await OwnForChange(id, ct);
        var secret = await changes.Rotate(endpoint, request.Overlap, ct);
        Response.Headers.CacheControl = "no-store";
        Response.SetETag(endpoint);
        return new NewSecretResponse(id, secret, endpoint.PreviousUntil);
    });

    /// <summary>Ends the overlap of a rotation now: the previous secret no longer signs. Repeating the call changes nothing.</summary>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
    /// <response code="404">not_found</response>
    [HttpDelete("{id}/previous-secret")]
    [RequireScope(Scopes.WebhookWrite)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public Task<IActionResult> EndPreviousSecret(string id, CancellationToken ct) => db.RetryOnConflict<IActionResult>(async () =>
    {
        var endpoint = await OwnForChange(id, ct);
        endpoint.EndPrevious(clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return NoContent();
    });

    /// <summary>Sends a <c>webhook.test</c>, or another <c>webhook.ping</c> if the endpoint is pending.</summary>
    /// <response code="202">The queued delivery.</response>
    /// <response code="403">missing_scope, key_narrowed: the caller may not read every event of the endpoint</response>
    /// <response code="404">not_found</response>
    /// <response code="409">webhook_disabled</response>
    [HttpPost("{id}/test")]
    [RequireScope(Scopes.WebhookWrite)]
    [Idempotent(StatusCodes.Status202Accepted, nameof(Tested))]
    [ProducesResponseType<DeliveryItem>(StatusCodes.Status202Accepted)]
    public async Task<ActionResult<DeliveryItem>> Test(string id, CancellationToken ct)
    {
        var endpoint = await OwnForChange(id, ct);
        return Accepted(DeliveryItem.From(await changes.Test(endpoint, HttpContext.SetAuditedObject, ct)));
    }

    /// <summary>The answer to a repeated request for a test.</summary>
    [NonAction]
    public async Task<DeliveryItem> Tested(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        return DeliveryItem.From(await db.Deliveries.AsNoTracking().FirstOrDefaultAsync(d => d.OrganizationId == own && d.Id == id, ct)
            ?? throw Refuse.NotFound("delivery"));
    }

    private async Task<WebhookEndpoint> Own(string id, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        return await db.Endpoints.FirstOrDefaultAsync(e => e.OrganizationId == own && e.Id == id, ct) ?? throw Refuse.NotFound("webhook");
    }

    /// <summary>Loads an endpoint for a change. Refuses a caller that may not read every event of the endpoint.</summary>
    private async Task<WebhookEndpoint> OwnForChange(string id, CancellationToken ct)
    {
        var endpoint = await Own(id, ct);
        SubscriptionRights.Require(caller, endpoint.Patterns);
        return endpoint;
    }

    private async Task<WebhookResponse> Answer(WebhookEndpoint endpoint, CancellationToken ct)
    {
        var queue = await db.EndpointQueues.AsNoTracking().FirstOrDefaultAsync(l => l.EndpointId == endpoint.Id, ct);
        Response.SetETag(endpoint);
        return WebhookResponse.From(endpoint, changes.AddressOf(endpoint), queue, clock.GetUtcNow());
    }
}

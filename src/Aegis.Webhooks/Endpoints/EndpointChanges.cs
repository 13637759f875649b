using System.Data;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Registers and changes endpoints.</summary>
internal sealed class EndpointChanges(
    WebhooksDb db, SealedBox box, OutboundPolicy policy, Dispatcher dispatcher, WebhooksOptions options, TimeProvider clock)
{
    public async Task<(WebhookEndpoint Endpoint, string Secret)> Register(Caller caller, CreateWebhookRequest request, CancellationToken ct)
    {
        var events = SubscriptionRights.Expand(caller, request.Events);
        policy.Require(new Uri(request.Url), OutboundPurpose.Webhook, caller.OrganizationId);
        // serializable: two concurrent calls must not both see one free slot
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        if (await db.Endpoints.CountAsync(e => e.OrganizationId == caller.OrganizationId, ct) >= options.MostEndpoints)
            throw Refuse.Conflict("too_many_webhooks",
                $"Your organization already has the maximum of {options.MostEndpoints} endpoints. Remove one, or add events to one.");

        var now = clock.GetUtcNow();
        var id = Ids.New("whk", now);
        var secret = WebhookSecret.Draw();
        var endpoint = WebhookEndpoint.Create(
            id, caller.OrganizationId, caller.UserId, box.SealText(request.Url, WebhookEndpoint.Address(id)), request.Description, events,
            box.SealText(secret, WebhookEndpoint.Secret(id, 1)), now);
        db.Endpoints.Add(endpoint);
        db.EndpointQueues.Add(new EndpointQueue { EndpointId = id });
        Ping(endpoint, now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        dispatcher.Notify([id]);
        return (endpoint, secret);
    }

    /// <summary>The full address. Only this class and the sender may use it, because path and query may contain a token.</summary>
    public Uri AddressOf(WebhookEndpoint endpoint) => endpoint.AddressOf(box);

    public async Task Change(Caller caller, WebhookEndpoint endpoint, UpdateWebhookRequest request, CancellationToken ct)
    {
        var present = endpoint.AddressOf(box);
        var url = request.Url.Value is { } sent && sent != WebhookAddress.Masked(present) && sent != present.OriginalString ? sent : null;
        if (url is not null && WebhookAddress.IsMasked(url)) throw Invalid.Field("url", WebhookRules.MaskedMessage);
        var events = request.Events.IsSent ? SubscriptionRights.Expand(caller, request.Events.Value!) : endpoint.Patterns;
        if (url is not null) policy.Require(new Uri(url), OutboundPurpose.Webhook, caller.OrganizationId);
        var now = clock.GetUtcNow();
        var enabled = request.Enabled.Value ?? endpoint.Status is not EndpointStatus.Disabled;
        var moved = url is null ? null : box.SealText(url, WebhookEndpoint.Address(endpoint.Id));
        if (endpoint.Change(caller.UserId, moved, request.Description.Or(endpoint.Description), events, enabled, now)) Ping(endpoint, now);
        await db.SaveChangesAsync(ct);
        dispatcher.Notify([endpoint.Id]);
    }

    /// <summary>Sends a test event, or another ping if the endpoint is pending.</summary>
    /// <param name="endpoint">The endpoint to test.</param>
    /// <param name="audited">Receives the delivery's id for the audit entry before the save.</param>
    /// <param name="ct">Cancels the work.</param>
    public async Task<Delivery> Test(WebhookEndpoint endpoint, Action<string> audited, CancellationToken ct)
    {
        if (endpoint.Status is EndpointStatus.Disabled) throw Disabled();
        var now = clock.GetUtcNow();
        var delivery = Delivery.ForEndpoint(
            endpoint.Status is EndpointStatus.Pending ? Delivery.Ping : Delivery.Test, endpoint.OrganizationId, endpoint.Id, now);
        db.Deliveries.Add(delivery);
        endpoint.Test(delivery.Id);
        audited(delivery.Id);
        await db.SaveChangesAsync(ct);
        dispatcher.Notify([endpoint.Id]);
        return delivery;
    }

    public async Task<string> Rotate(WebhookEndpoint endpoint, TimeSpan overlap, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var secret = WebhookSecret.Draw();
        endpoint.Rotate(box.SealText(secret, WebhookEndpoint.Secret(endpoint.Id, endpoint.SecretVersion + 1)),
            overlap > TimeSpan.Zero ? now + overlap : null, now);
        await db.SaveChangesAsync(ct);
        return secret;
    }

    public static RefusedException Disabled() =>
        Refuse.Conflict("webhook_disabled", "The endpoint is disabled. Enable it first: PATCH it with {\"enabled\":true}.");

    private void Ping(WebhookEndpoint endpoint, DateTimeOffset now) =>
        db.Deliveries.Add(Delivery.ForEndpoint(Delivery.Ping, endpoint.OrganizationId, endpoint.Id, now));
}

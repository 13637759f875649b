using System.Data;

namespace Aegis.Webhooks.Endpoints;

/// <summary>Registers and changes endpoints.</summary>
internal sealed class EndpointChanges(
    WebhooksDb db, SealedBox box, OutboundPolicy policy, Dispatcher dispatcher, WebhooksOptions options, TimeProvider clock)
{
    public async Task<(WebhookEndpoint Endpoint, string Secret)> Register(Caller caller, CreateWebhookRequest request, CancellationToken ct)
    {
        var events = Hearing.Expand(caller, request.Events);
        policy.Require(new Uri(request.Url), OutboundPurpose.Webhook, caller.OrganizationId);
        // others count after this one
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, ct);
        if (await db.Endpoints.CountAsync(e => e.OrganizationId == caller.OrganizationId, ct) >= options.MostEndpoints)
            throw Refuse.Conflict("too_many_webhooks",
                $"An organization has at most {options.MostEndpoints} endpoints. Remove one, or let one listen to more events.");

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
        dispatcher.Look([id]);
        return (endpoint, secret);
    }

    /// <summary>The whole address, for nobody but the desk and the sender.</summary>
    public Uri AddressOf(WebhookEndpoint endpoint) => endpoint.AddressOf(box);

    public async Task Change(Caller caller, WebhookEndpoint endpoint, UpdateWebhookRequest request, CancellationToken ct)
    {
        var present = endpoint.AddressOf(box);
        var url = request.Url.Value is { } sent && sent != WebhookAddress.Masked(present) && sent != present.OriginalString ? sent : null;
        if (url is not null && WebhookAddress.IsMasked(url)) throw Invalid.Field("url", WebhookRules.MaskedSentence);
        var events = request.Events.IsSent ? Hearing.Expand(caller, request.Events.Value!) : endpoint.Patterns;
        if (url is not null) policy.Require(new Uri(url), OutboundPurpose.Webhook, caller.OrganizationId);
        var now = clock.GetUtcNow();
        var enabled = request.Enabled.Value ?? endpoint.Status is not EndpointStatus.Disabled;
        var moved = url is null ? null : box.SealText(url, WebhookEndpoint.Address(endpoint.Id));
        if (endpoint.Change(caller.UserId, moved, request.Description.Or(endpoint.Description), events, enabled, now)) Ping(endpoint, now);
        await db.SaveChangesAsync(ct);
        dispatcher.Look([endpoint.Id]);
    }

    /// <summary>Sends a test event; to an endpoint that is pending another ping.</summary>
    /// <param name="endpoint">Which.</param>
    /// <param name="audited">Hears what the call made, before it is saved.</param>
    /// <param name="ct">Stops.</param>
    public async Task<Delivery> Test(WebhookEndpoint endpoint, Action<string> audited, CancellationToken ct)
    {
        if (endpoint.Status is EndpointStatus.Disabled) throw Disabled();
        var now = clock.GetUtcNow();
        var delivery = Delivery.Try(
            endpoint.Status is EndpointStatus.Pending ? Delivery.Ping : Delivery.Test, endpoint.OrganizationId, endpoint.Id, now);
        db.Deliveries.Add(delivery);
        endpoint.Test(delivery.Id);
        audited(delivery.Id);
        await db.SaveChangesAsync(ct);
        dispatcher.Look([endpoint.Id]);
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
        db.Deliveries.Add(Delivery.Try(Delivery.Ping, endpoint.OrganizationId, endpoint.Id, now));
}

namespace Aegis.Webhooks.Sending;

/// <summary>Reads endpoints and their due deliveries.</summary>
internal sealed class DueQueue(IServiceScopeFactory scopes, SealedBox box, TimeProvider clock)
{
    /// <summary>The current endpoint; null if it was removed.</summary>
    public async Task<EndpointTarget?> Read(string endpointId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var endpoint = await db.Endpoints.AsNoTracking().FirstOrDefaultAsync(e => e.Id == endpointId, ct);
        return endpoint is null ? null : EndpointTarget.Of(endpoint, box);
    }

    /// <summary>True if the endpoint's last attempt failed, or it never answered one.</summary>
    public async Task<bool> IsFailing(string endpointId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        return await db.EndpointQueues.AsNoTracking()
            .AnyAsync(l => l.EndpointId == endpointId && (l.FailingSince != null || l.LastSuccessAt == null), ct);
    }

    /// <summary>The current revisions of the given endpoints, without the removed ones.</summary>
    public async Task<Dictionary<string, long>> Revisions(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        return await db.Endpoints.AsNoTracking().Where(e => endpoints.Contains(e.Id)).Select(e => new { e.Id, e.Revision })
            .ToDictionaryAsync(e => e.Id, e => e.Revision, ct);
    }

    /// <summary>
    /// The next due deliveries with their bodies; none if the endpoint changed since it was read. A pending endpoint gets pings only.
    /// </summary>
    public async Task<List<Due>> Due(EndpointTarget target, int max, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var (now, id) = (clock.GetUtcNow(), target.EndpointId);
        var status = target.Status is EndpointStatus.Pending ? DeliveryStatus.Verifying : DeliveryStatus.Waiting;
        var rows = await (
            from d in db.Deliveries.AsNoTracking()
            where d.EndpointId == id && d.Status == status && d.DueAt <= now
                && db.Endpoints.Any(e => e.Id == id && e.Revision == target.Revision)
            orderby d.DueAt, d.Id
            from e in db.Events.Where(e => e.OrganizationId == d.OrganizationId && e.Sequence == d.EventSequence).DefaultIfEmpty()
            select new
            {
                d.Id,
                d.EventId,
                d.Type,
                d.Attempts,
                d.Step,
                d.CreatedAt,
                d.EventSequence,
                At = (DateTimeOffset?)e!.At,
                e.Data
            }).Take(max).ToListAsync(ct);
        return rows.ConvertAll(d => new Due(
            d.Id, d.EventId, d.Type, d.Attempts, d.Step,
            d.EventSequence is null ? EventBody.ForEndpoint(d.Type, d.CreatedAt, id) : d.Data is null
                ? null
                : EventBody.Write(d.Type, d.At!.Value, d.Data)));
    }
}

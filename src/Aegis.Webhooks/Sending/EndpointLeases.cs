using System.Linq.Expressions;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// The endpoints that this host has for itself. One host sends to an endpoint at a time, so nothing is sent by two; the lease of a host
/// that died runs out.
/// </summary>
internal sealed class EndpointLeases(IServiceScopeFactory scopes, WebhooksOptions options, TimeProvider clock)
{
    private readonly string self = Ids.New("host", clock.GetUtcNow());

    /// <summary>Endpoints with something due that no other host has.</summary>
    public async Task<List<string>> FindWork(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        return await (
            from queue in db.EndpointQueues.AsNoTracking().Where(Takeable(now))
            join endpoint in db.Endpoints on queue.EndpointId equals endpoint.Id
            where (endpoint.Status == EndpointStatus.Enabled
                    && db.Deliveries.Any(d => d.EndpointId == endpoint.Id && d.Status == Deliveries.DeliveryStatus.Waiting
                        && d.DueAt <= now))
                || (endpoint.Status == EndpointStatus.Pending
                    && db.Deliveries.Any(d => d.EndpointId == endpoint.Id && d.Status == Deliveries.DeliveryStatus.Verifying
                        && d.DueAt <= now))
            select endpoint.Id).ToListAsync(ct);
    }

    /// <summary>Takes those of the endpoints that are free, or this host's already.</summary>
    public async Task<List<string>> Take(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        var (until, takeable) = (options.Lease.Until(now), Takeable(now));
        var taken = new List<string>();
        await db.InTransaction(async () =>
        {
            foreach (var id in endpoints)
            {
                var changed = await db.EndpointQueues.Where(l => l.EndpointId == id).Where(takeable)
                    .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, until).SetProperty(l => l.Holder, self), ct);
                if (changed == 1) taken.Add(id);
            }

            return taken.Count;
        }, ct);
        return taken;
    }

    /// <summary>Goes on with endpoints; gives back those that are still this host's.</summary>
    public async Task<List<string>> Renew(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var until = options.Lease.Until(clock.GetUtcNow());
        await db.InTransaction(() => db.EndpointQueues.Where(l => l.Holder == self && endpoints.Contains(l.EndpointId))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, until), ct), ct);
        return await db.EndpointQueues.AsNoTracking().Where(l => l.Holder == self && endpoints.Contains(l.EndpointId))
            .Select(l => l.EndpointId).ToListAsync(ct);
    }

    /// <summary>Lets go of endpoints, so that another host need not wait.</summary>
    public async Task Release(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        await db.InTransaction(() => db.EndpointQueues.Where(l => l.Holder == self && endpoints.Contains(l.EndpointId))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, now), ct), ct);
    }

    private Expression<Func<EndpointQueue, bool>> Takeable(DateTimeOffset now) =>
        options.Lease.FreeOrOwn<EndpointQueue>(l => l.LeaseUntil, own: l => l.Holder == self, now);
}

using System.Linq.Expressions;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// The leases of this host. Only the host that holds an endpoint's lease sends to it, so two hosts never send the same delivery at once.
/// The lease of a host that died expires.
/// </summary>
internal sealed class EndpointLeases(IServiceScopeFactory scopes, WebhooksOptions options, TimeProvider clock)
{
    private readonly string self = Ids.New("host", clock.GetUtcNow());

    /// <summary>Endpoints that have due deliveries and whose lease is free or held by this host.</summary>
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

    /// <summary>Takes the leases that are free or already held by this host, and returns their endpoints.</summary>
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

    /// <summary>Renews leases, and returns the endpoints whose lease this host still holds.</summary>
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

    /// <summary>Releases leases so that another host can take them at once.</summary>
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

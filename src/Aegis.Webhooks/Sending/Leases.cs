using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Persistence;
using Aegis.Webhooks.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// The endpoints that this host has for itself. One host sends to an endpoint at a time, so nothing is sent by two; the lease of a host that died
/// runs out.
/// </summary>
internal sealed class Leases(IServiceScopeFactory scopes, WebhooksOptions options, TimeProvider clock)
{
    private readonly string self = Ids.New("host", clock.GetUtcNow());

    /// <summary>Endpoints with something due that no other host has.</summary>
    public async Task<List<string>> FindWork(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        var latest = now + options.Lease;
        return await (
            from endpoint in db.Endpoints.AsNoTracking()
            join lane in db.Lanes on endpoint.Id equals lane.EndpointId
            where lane.LeaseUntil == null || lane.LeaseUntil <= now || lane.LeaseUntil > latest || lane.Holder == self
            where (endpoint.Status == Endpoints.EndpointStatus.Enabled
                    && db.Deliveries.Any(d => d.EndpointId == endpoint.Id && d.Status == Deliveries.DeliveryStatus.Waiting && d.DueAt <= now))
                || (endpoint.Status == Endpoints.EndpointStatus.Pending
                    && db.Deliveries.Any(d => d.EndpointId == endpoint.Id && d.Status == Deliveries.DeliveryStatus.Verifying && d.DueAt <= now))
            select endpoint.Id).ToListAsync(ct);
    }

    /// <summary>Takes those of the endpoints that are free, or this host's already.</summary>
    public async Task<List<string>> Take(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        var (until, latest) = (now + options.Lease, now + options.Lease);
        var taken = new List<string>();
        await db.InTransaction(async () =>
        {
            foreach (var id in endpoints)
            {
                var changed = await db.Lanes
                    .Where(l => l.EndpointId == id && (l.LeaseUntil == null || l.LeaseUntil <= now || l.LeaseUntil > latest || l.Holder == self))
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
        var until = clock.GetUtcNow() + options.Lease;
        await db.InTransaction(() => db.Lanes.Where(l => l.Holder == self && endpoints.Contains(l.EndpointId))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, until), ct), ct);
        return await db.Lanes.AsNoTracking().Where(l => l.Holder == self && endpoints.Contains(l.EndpointId)).Select(l => l.EndpointId).ToListAsync(ct);
    }

    /// <summary>Lets go of endpoints, so that another host need not wait.</summary>
    public async Task Release(IReadOnlyCollection<string> endpoints, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WebhooksDb>();
        var now = clock.GetUtcNow();
        await db.InTransaction(() => db.Lanes.Where(l => l.Holder == self && endpoints.Contains(l.EndpointId))
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.LeaseUntil, now), ct), ct);
    }
}

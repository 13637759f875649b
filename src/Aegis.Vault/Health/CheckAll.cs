using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Health;

/// <summary>Tests the credentials of an organization, a few at the same time, until all are done or the time is over.</summary>
internal sealed class CheckAll(VaultDb db, ProviderCatalogue providers, IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int AtOnce = 8;
    private const int MaxCredentials = 10_000;      // in one call; the least recently tested come first
    private const int MaxDetails = 1_000;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    public async Task<CheckAllResponse> Run(string organizationId, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        var found = await db.Credentials.AsNoTracking()
            .Where(c => c.OrganizationId == organizationId && c.CurrentVersion > 0).InUse()
            .OrderBy(c => c.LastCheckedAt).ThenBy(c => c.Id).Take(MaxCredentials).ToListAsync(ct);
        var empty = await db.Credentials.Where(c => c.OrganizationId == organizationId && c.CurrentVersion == 0).InUse()
            .OrderBy(c => c.LastCheckedAt).Take(MaxCredentials).CountAsync(ct);
        var due = found.Where(c => providers.Of(c.Provider).CanTest(ProviderConfigs.Open(c))).Select(c => c.Id).ToList();
        var done = new List<Checkup>();
        using var budget = new CancellationTokenSource(Budget, clock);
        await Parallel.ForEachAsync(
            due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (id, token) =>
        {
            if (budget.IsCancellationRequested) return;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(token, budget.Token);
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                var checkup = await scope.ServiceProvider.GetRequiredService<Checker>().Check(id, either.Token);
                lock (done) done.Add(checkup);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                // It counts as not tested and comes first in the next call.
            }
        });

        var unhealthy = done.Where(c => !c.IsHealthy).OrderBy(c => c.Credential.Name, StringComparer.Ordinal).ToList();
        var timedOut = done.Count < due.Count;
        return new CheckAllResponse(
            done.Count, done.Count - unhealthy.Count, unhealthy.Count,
            unhealthy.Take(MaxDetails).Select(c =>
                new CheckAllDetail(c.Credential.Name, CredentialHealth.Unhealthy, c.Tested.Message ?? c.Tested.Code!, c.Milliseconds))
                    .ToList(),
            empty + found.Count - due.Count, new CheckAllSkipped(empty, found.Count - due.Count),
            clock.GetUtcNow(), (long)clock.GetElapsedTime(begun).TotalMilliseconds, timedOut ? due.Count : null,
            timedOut ? due.Count - done.Count : null);
    }
}

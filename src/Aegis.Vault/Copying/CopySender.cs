using System.Collections.Concurrent;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Copying;

/// <summary>
/// Sends outdated copies as soon as they are known, each organization's on its own, so that an n8n that hangs delays nobody else's.
/// </summary>
internal sealed class CopySender(IServiceScopeFactory scopes, CommitSignals signals, TimeProvider clock, ILogger<CopySender> log)
    : Worker(clock)
{
    private const int MaxAtOnce = 32; // organizations at a time

    private readonly ConcurrentDictionary<string, Lazy<Task>> working = new(StringComparer.Ordinal);

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override Task? Woken() => signals.Next<KeptCopy>();

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await BeginDue(ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.CopiesFailed(log, failure.GetType().Name, failure);

    protected override async Task Finish() =>
        await Task.WhenAll(working.Values.Select(w => w.Value)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task BeginDue(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDb>();
        var now = Clock.GetUtcNow();
        var busy = working.Keys.ToList();
        var due = await db.KeptCopies.AsNoTracking()
            .Where(c => c.DueAt <= now && !busy.Contains(c.OrganizationId)).Where(CopyWork.Lease.Free<KeptCopy>(c => c.LeaseUntil, now))
            .Select(c => c.OrganizationId).Distinct().OrderBy(o => o).Take(MaxAtOnce).ToListAsync(ct);
        foreach (var organization in due.Take(Math.Max(0, MaxAtOnce - busy.Count)))
        {
            // Starts the work only after it is in the dictionary. Work that ends very soon would otherwise stay there for ever.
            _ = working.GetOrAdd(organization, o => new Lazy<Task>(() => Task.Run(() => Work(o, ct), CancellationToken.None))).Value;
        }
    }

    private async Task Work(string organizationId, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<CopyWork>().Run(organizationId, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Log.CopiesFailed(log, e.GetType().Name, e); // retried when its lease ends
        }
        finally
        {
            working.TryRemove(organizationId, out _);
        }
    }
}

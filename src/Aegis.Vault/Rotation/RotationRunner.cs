using System.Collections.Concurrent;
using Aegis.Kernel.Events;
using Aegis.Vault.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Works on the rotations that are due, a few at a time for each provider, however many fall due at once. Whoever asked for one can wait for it.
/// </summary>
internal sealed class RotationRunner(
    IServiceScopeFactory scopes, CommitSignals signals, VaultOptions options, TimeProvider clock, ILogger<RotationRunner> log) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // what other hosts wrote, and what was put off

    private readonly ConcurrentDictionary<string, Task> working = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> lanes = new(StringComparer.Ordinal);

    /// <summary>When this host last looked for what is due; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>Works on a rotation now and returns when nothing more can be done at the moment, or when <paramref name="patience"/> is over.</summary>
    /// <param name="rotationId">rot_….</param>
    /// <param name="provider">Whose lane it takes; null to wait for none, as an emergency does.</param>
    /// <param name="patience">How long to wait. The work goes on afterwards.</param>
    public Task Run(string rotationId, string? provider, TimeSpan patience) =>
        Task.WhenAny(Begin(rotationId, provider), Task.Delay(patience, clock));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signals.Next();
            try
            {
                await RunDue(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.RunnerFailed(log, e.GetType().Name, e);
            }

            await Task.WhenAny(FirstOf([.. working.Values], next), Task.Delay(Poll, clock, stoppingToken));
        }

        await Task.WhenAll(working.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes a copy: of what is under way the last may end between two looks, and waiting for none of nothing would end the host.</summary>
    internal static Task FirstOf(IReadOnlyList<Task> underWay, Task otherwise) => underWay.Count == 0 ? otherwise : Task.WhenAny(underWay);

    /// <summary>Begins what is due, as far as its lane has room.</summary>
    private async Task RunDue(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDb>();
        var now = clock.GetUtcNow();
        var latest = now + options.RotationLease;
        var due = await db.Rotations.AsNoTracking()
            .Where(r => (r.State == RotationState.Running || r.State == RotationState.Ending) && r.DueAt <= now
                && (r.LeaseUntil == null || r.LeaseUntil <= now || r.LeaseUntil > latest))
            .OrderBy(r => r.DueAt).Take(Batch).Select(r => new { r.Id, r.Provider }).ToListAsync(ct);
        LookedAt = now;
        foreach (var run in due)
        {
            if (LaneOf(run.Provider).CurrentCount > 0) _ = Begin(run.Id, run.Provider);
        }
    }

    private Task Begin(string rotationId, string? provider) => working.GetOrAdd(rotationId, id =>
    {
        using (ExecutionContext.SuppressFlow()) // the work outlives the call that asked for it, and must not write in its name
            return Task.Run(() => Work(id, provider), CancellationToken.None);
    });

    private async Task Work(string rotationId, string? provider)
    {
        var lane = provider is null ? null : LaneOf(provider);
        if (lane is not null) await lane.WaitAsync();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RotationWork>().Advance(rotationId, CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.RotationBroke(log, rotationId, e.GetType().Name, e); // its lease runs out, then it is tried again
        }
        finally
        {
            lane?.Release();
            working.TryRemove(rotationId, out _);
        }
    }

    private SemaphoreSlim LaneOf(string provider) => lanes.GetOrAdd(provider, _ => new SemaphoreSlim(options.RotationsPerProvider));
}

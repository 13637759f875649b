using System.Collections.Concurrent;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Works on the rotations that are due: a few at a time for each organization and provider, so that a target that hangs delays nobody else.
/// A call that asked for a rotation can wait for it.
/// </summary>
internal sealed class RotationRunner(
    IServiceScopeFactory scopes, CommitSignals signals, VaultOptions options, TimeProvider clock, ILogger<RotationRunner> log)
        : Worker(clock)
{
    private const int Batch = 200;
    private const int MaxWaiting = 50; // in one queue: enough to keep it busy until the next query

    private readonly ConcurrentDictionary<string, Lazy<Task>> working = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderSlots> slotsOf = new(StringComparer.Ordinal);

    /// <summary>When this host last queried for due rotations; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>
    /// Works on a rotation now. It returns when nothing more can be done at the moment, or after <paramref name="patience"/>.
    /// </summary>
    /// <param name="rotationId">rot_….</param>
    /// <param name="credential">The credential whose queue it waits in; null to start at once, as an emergency does.</param>
    /// <param name="patience">How long to wait. The work continues afterwards.</param>
    public Task Run(string rotationId, Credential? credential, TimeSpan patience) =>
        Task.WhenAny(Begin(rotationId, credential is null ? null : SlotsOf(NameOf(credential.OrganizationId, credential.Provider))),
            Task.Delay(patience, Clock));

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override Task? Woken() => signals.Next<RotationRun>();

    /// <summary>While rotations are in progress, the end of one frees a slot. A commit by the runner itself does not wake it.</summary>
    protected override Task? Awaited(Task? woken) => FirstOf(Working(), woken!);

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await RunDue(ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.RunnerFailed(log, failure.GetType().Name, failure);

    protected override async Task Finish() => await Task.WhenAll(Working()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>
    /// Takes a list that cannot change: the last task may end at any moment, and <c>WhenAny</c> of no tasks throws, which would end the
    /// host.
    /// </summary>
    internal static Task FirstOf(IReadOnlyList<Task> underWay, Task otherwise) => underWay.Count == 0 ? otherwise : Task.WhenAny(underWay);

    /// <summary>
    /// Begins the rotations that are due, as long as their queue has space. The query excludes full queues, so that they do not hide all
    /// others.
    /// </summary>
    private async Task RunDue(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VaultDb>();
        var now = Clock.GetUtcNow();
        var found = Batch;
        while (found == Batch)
        {
            var full = slotsOf.Where(l => l.Value.IsFull).Select(l => l.Key).ToList();
            var due = await db.Rotations.AsNoTracking()
                .Where(r => (r.State == RotationState.Running || r.State == RotationState.Ending) && r.DueAt <= now
                    && !full.Contains(r.OrganizationId + " " + r.Provider))
                .Where(options.RotationLease.Free<RotationRun>(r => r.LeaseUntil, now))
                .OrderBy(r => r.DueAt).Take(Batch).Select(r => new { r.Id, r.OrganizationId, r.Provider }).ToListAsync(ct);
            LookedAt = now;
            foreach (var run in due)
            {
                var slots = SlotsOf(NameOf(run.OrganizationId, run.Provider));
                if (!slots.IsFull) _ = Begin(run.Id, slots);
            }

            found = slotsOf.Count(l => l.Value.IsFull) > full.Count ? due.Count : 0;
        }
    }

    /// <summary>Starts the work only after it is in the dictionary. Work that ends very soon would otherwise stay there for ever.</summary>
    private Task Begin(string rotationId, ProviderSlots? slots) => working.GetOrAdd(rotationId, id => new Lazy<Task>(() =>
    {
        slots?.Enter();
        using (ExecutionContext.SuppressFlow()) // the work outlives the request and must not act as its caller
            return Task.Run(() => Work(id, slots), CancellationToken.None);
    })).Value;

    private List<Task> Working() => working.Values.Select(w => w.Value).ToList();

    private async Task Work(string rotationId, ProviderSlots? slots)
    {
        if (slots is not null) await slots.Turn.WaitAsync();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RotationWork>().Advance(rotationId, CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.RotationBroke(log, rotationId, e.GetType().Name, e); // retried when its lease ends
        }
        finally
        {
            slots?.Leave();
            working.TryRemove(rotationId, out _);
        }
    }

    private ProviderSlots SlotsOf(string name) => slotsOf.GetOrAdd(name, _ => new ProviderSlots(options.RotationsPerProvider));

    private static string NameOf(string organizationId, string provider) => $"{organizationId} {provider}";

    /// <summary>The queue of one organization's rotations at one provider.</summary>
    private sealed class ProviderSlots(int width)
    {
        private int inside;

        public SemaphoreSlim Turn { get; } = new(width);

        public bool IsFull => Volatile.Read(ref inside) >= width + MaxWaiting;

        public void Enter() => Interlocked.Increment(ref inside);

        public void Leave()
        {
            Interlocked.Decrement(ref inside);
            Turn.Release();
        }
    }
}

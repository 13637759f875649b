using System.Collections.Concurrent;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Works on the rotations that are due, a few at a time for each organization's provider, however many fall due at once: targets that hang
/// hold up nobody else's. Whoever asked for one can wait for it.
/// </summary>
internal sealed class RotationRunner(
    IServiceScopeFactory scopes, CommitSignals signals, VaultOptions options, TimeProvider clock, ILogger<RotationRunner> log)
        : Worker(clock)
{
    private const int Batch = 200;
    private const int MaxWaiting = 50; // of one lane: enough to keep it busy until the next look

    private readonly ConcurrentDictionary<string, Lazy<Task>> working = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ProviderSlots> slotsOf = new(StringComparer.Ordinal);

    /// <summary>When this host last looked for what is due; null before the first time.</summary>
    public DateTimeOffset? LookedAt { get; private set; }

    /// <summary>
    /// Works on a rotation now and returns when nothing more can be done at the moment, or when <paramref name="patience"/> is over.
    /// </summary>
    /// <param name="rotationId">rot_….</param>
    /// <param name="credential">Whose lane it takes; null to wait for none, as an emergency does.</param>
    /// <param name="patience">How long to wait. The work goes on afterwards.</param>
    public Task Run(string rotationId, Credential? credential, TimeSpan patience) =>
        Task.WhenAny(Begin(rotationId, credential is null ? null : SlotsOf(NameOf(credential.OrganizationId, credential.Provider))),
            Task.Delay(patience, Clock));

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override Task? Woken() => signals.Next<RotationRun>();

    /// <summary>While something is under way its end makes room; what it commits itself wakes nobody.</summary>
    protected override Task? Awaited(Task? woken) => FirstOf(Working(), woken!);

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await RunDue(ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.RunnerFailed(log, failure.GetType().Name, failure);

    protected override async Task Finish() => await Task.WhenAll(Working()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>
    /// Takes a copy: of what is under way the last may end between two looks, and waiting for none of nothing would end the host.
    /// </summary>
    internal static Task FirstOf(IReadOnlyList<Task> underWay, Task otherwise) => underWay.Count == 0 ? otherwise : Task.WhenAny(underWay);

    /// <summary>
    /// Begins what is due, as far as its lane has room. Those of full lanes are left out of the question, so that they do not stand before
    /// all others.
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

    /// <summary>Work begins only once it is listed: otherwise what ends very soon would be listed for ever.</summary>
    private Task Begin(string rotationId, ProviderSlots? slots) => working.GetOrAdd(rotationId, id => new Lazy<Task>(() =>
    {
        slots?.Enter();
        using (ExecutionContext.SuppressFlow()) // the work outlives the call that asked for it, and must not write in its name
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
            Log.RotationBroke(log, rotationId, e.GetType().Name, e); // its lease runs out, then it is tried again
        }
        finally
        {
            slots?.Leave();
            working.TryRemove(rotationId, out _);
        }
    }

    private ProviderSlots SlotsOf(string name) => slotsOf.GetOrAdd(name, _ => new ProviderSlots(options.RotationsPerProvider));

    private static string NameOf(string organizationId, string provider) => $"{organizationId} {provider}";

    /// <summary>One organization's rotations of one provider.</summary>
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

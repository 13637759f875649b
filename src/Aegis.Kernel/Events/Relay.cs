namespace Aegis.Kernel.Events;

/// <summary>
/// Hands committed events to their handlers: at least once, effective once. Several hosts share the work by leases;
/// a failing event backs off and is parked at last, without holding up the others.
/// </summary>
internal sealed class Relay(
    IServiceScopeFactory scopes, HandOver handOver,
    CommitSignals signals, RelayMetrics metrics, TimeProvider clock, ILogger<Relay> log) : Worker(clock)
{
    private const int Batch = 64;
    private const int MaxAttempts = 12; // with the backoff below: about 10 hours
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), Factor: 3, TimeSpan.FromHours(1));
    private static readonly RowLease Lease = new(TimeSpan.FromSeconds(60), Further: Backoff.Max);

    protected override TimeSpan Period => TimeSpan.FromSeconds(1); // for commits of other hosts;

    protected override Task? Woken() => signals.Next<OutboxRow>();

    protected override Task<bool> Work(CancellationToken ct) => RelayBatch(ct);

    protected override void Failed(Exception failure) => Log.RelayFailed(log, failure.GetType().Name, failure);

    /// <summary>Handles what is due; true when a full batch suggests that more waits.</summary>
    internal async Task<bool> RelayBatch(CancellationToken ct)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        var now = Clock.GetUtcNow();
        var due = await db.Outbox.AsNoTracking()
            .Where(r => r.State == OutboxState.Waiting).Where(Lease.Due<OutboxRow>(r => r.DueAt, now))
            .OrderBy(r => r.DueAt).ThenBy(r => r.Id).Take(Batch).ToListAsync(ct);
        metrics.Observe(due.Count == 0 ? TimeSpan.Zero : now - due[0].OccurredAt);
        if (due.Count == 0) return false;

        var mine = await Claim(db, due, now, ct);
        var failures = await handOver.Give(mine, ct);
        await Settle(db, mine, failures, ct);
        return due.Count == Batch;
    }

    private static async Task<List<OutboxRow>> Claim(KernelDb db, List<OutboxRow> due, DateTimeOffset now, CancellationToken ct)
    {
        var until = Lease.Until(now);
        var mine = new List<OutboxRow>(due.Count);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var row in due)
        {
            var claimed = await db.Outbox
                .Where(r => r.Id == row.Id && r.State == OutboxState.Waiting && r.DueAt == row.DueAt && r.Attempts == row.Attempts)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.DueAt, until).SetProperty(r => r.Attempts, r => r.Attempts + 1), ct);
            if (claimed == 1) mine.Add(row);
        }

        await transaction.CommitAsync(ct);
        return mine;
    }

    /// <summary>
    /// Marks a batch in one transaction. A host that dies before it leaves claims that run out, and receipts that keep a repetition from
    /// having an effect.
    /// </summary>
    private async Task Settle(KernelDb db, List<OutboxRow> batch, IReadOnlyDictionary<string, string> failures, CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        var done = batch.Where(r => !failures.ContainsKey(r.Id)).Select(r => r.Id).ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Outbox.Where(r => done.Contains(r.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, OutboxState.Done).SetProperty(r => r.DueAt, now)
                .SetProperty(r => r.LastError, (string?)null), ct);
        foreach (var row in batch.Where(r => failures.ContainsKey(r.Id))) await PutOff(db, row, failures[row.Id], now, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task PutOff(KernelDb db, OutboxRow row, string failure, DateTimeOffset now, CancellationToken ct)
    {
        var parked = row.Attempts + 1 >= MaxAttempts;
        var state = parked ? OutboxState.Parked : OutboxState.Waiting;
        var dueAt = now + Backoff.After(row.Attempts + 1);
        await db.Outbox.Where(r => r.Id == row.Id && r.Attempts == row.Attempts + 1).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, state).SetProperty(r => r.DueAt, dueAt).SetProperty(r => r.LastError, failure), ct);
        if (parked) Log.EventParked(log, row.Id, row.Name, row.Attempts + 1);
    }
}

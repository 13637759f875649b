namespace Aegis.Kernel.Events;

/// <summary>
/// Delivers committed events to their handlers, at least once and with one effect.
/// A save writes events to the outbox (<see cref="RecordOnSave"/>). The relay claims a batch of due rows with a lease, so that several
/// hosts can share the work. <see cref="HandOver"/> reads the events and calls the handlers of <see cref="Listeners"/>. Each <see
/// cref="HandlerRegistration"/> saves the effect with a receipt in its module's database, so a second delivery does nothing.
/// A failed event is retried with backoff and parked after the last attempt; the others do not wait for it. If the host dies, its leases
/// expire and another host delivers the events again.
/// </summary>
internal sealed class Relay(
    IServiceScopeFactory scopes, HandOver handOver,
    CommitSignals signals, RelayMetrics metrics, TimeProvider clock, ILogger<Relay> log) : Worker(clock)
{
    private const int Batch = 64;
    private const int MaxAttempts = 12; // with the backoff below: about 10 hours
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(1), Factor: 3, TimeSpan.FromHours(1));
    private static readonly RowLease Lease = new(TimeSpan.FromSeconds(60), Further: Backoff.Max);

    protected override TimeSpan Period => TimeSpan.FromSeconds(1); // finds events that other hosts committed

    protected override Task? Woken() => signals.Next<OutboxRow>();

    protected override Task<bool> Work(CancellationToken ct) => RelayBatch(ct);

    protected override void Failed(Exception failure) => Log.RelayFailed(log, failure.GetType().Name, failure);

    /// <summary>Handles due events. Returns true when the batch was full, because there may be more.</summary>
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
        var failures = await handOver.Dispatch(mine, ct);
        await SaveOutcomes(db, mine, failures, ct);
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
    /// Marks a batch in one transaction. If the host dies first, its claims expire, and the receipts prevent a second effect.
    /// </summary>
    private async Task SaveOutcomes(KernelDb db, List<OutboxRow> batch, IReadOnlyDictionary<string, string> failures, CancellationToken ct)
    {
        var now = Clock.GetUtcNow();
        var done = batch.Where(r => !failures.ContainsKey(r.Id)).Select(r => r.Id).ToList();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Outbox.Where(r => done.Contains(r.Id)).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, OutboxState.Done).SetProperty(r => r.DueAt, now)
                .SetProperty(r => r.LastError, (string?)null), ct);
        foreach (var row in batch.Where(r => failures.ContainsKey(r.Id))) await RetryOrPark(db, row, failures[row.Id], now, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task RetryOrPark(KernelDb db, OutboxRow row, string failure, DateTimeOffset now, CancellationToken ct)
    {
        var parked = row.Attempts + 1 >= MaxAttempts;
        var state = parked ? OutboxState.Parked : OutboxState.Waiting;
        var dueAt = now + Backoff.After(row.Attempts + 1);
        await db.Outbox.Where(r => r.Id == row.Id && r.Attempts == row.Attempts + 1).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, state).SetProperty(r => r.DueAt, dueAt).SetProperty(r => r.LastError, failure), ct);
        if (parked) Log.EventParked(log, row.Id, row.Name, row.Attempts + 1);
    }
}

namespace Aegis.Kernel.Persistence;

/// <summary>Deletes handled events, receipts of deleted events, and old idempotency keys.</summary>
internal sealed class SweepKernelTables(KernelDb db, TimeProvider clock) : IRecurringJob
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    public static string Name => "kernel.sweep";

    public static string Cron => "0 17 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var events = now - EventsKept;
        var keys = now - EarlierCalls.Kept;
        await db.Sweep(db.Outbox.Where(r => r.State == OutboxState.Done && r.DueAt < events).OrderBy(r => r.DueAt), ct);
        await RowSweep.InBatches(() => SweepReceipts(events, ct));
        await db.Sweep(db.Idempotency.Where(r => r.At < keys).OrderBy(r => r.At), ct);
    }

    /// <summary>Deletes receipts by event id, the first column of their key.</summary>
    private async Task<int> SweepReceipts(DateTimeOffset before, CancellationToken ct)
    {
        var ids = await db.Inbox.Where(r => r.HandledAt < before && !db.Outbox.Any(o => o.Id == r.EventId))
            .OrderBy(r => r.HandledAt).Take(RowSweep.Batch).Select(r => r.EventId).ToListAsync(ct);
        if (ids.Count > 0)
            await db.InTransaction(() => db.Inbox.Where(r => ids.Contains(r.EventId) && r.HandledAt < before).ExecuteDeleteAsync(ct), ct);
        return ids.Count;
    }
}

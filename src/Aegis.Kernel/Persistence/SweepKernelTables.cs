using Aegis.Kernel.Events;
using Aegis.Kernel.Idempotency;
using Aegis.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Kernel.Persistence;

/// <summary>Deletes handled events, receipts of events that are gone and old idempotency keys. Running twice deletes nothing more.</summary>
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
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Outbox.Where(r => r.State == OutboxState.Done && r.DueAt < events).ExecuteDeleteAsync(ct);
        await db.Inbox.Where(r => r.HandledAt < events && !db.Outbox.Any(o => o.Id == r.EventId)).ExecuteDeleteAsync(ct);
        await db.Idempotency.Where(r => r.At < keys).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

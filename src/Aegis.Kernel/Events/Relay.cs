using System.Collections.Frozen;
using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Kernel.Events;

/// <summary>
/// Hands committed events to their handlers: at least once, effective once. Several hosts share the work by leases;
/// a failing event backs off and is parked at last, without holding up the others.
/// </summary>
internal sealed class Relay(
    IServiceScopeFactory scopes, IEnumerable<HandlerRegistration> handlers, EventCatalog catalog,
    CommitSignals signals, RelayMetrics metrics, TimeProvider clock, ILogger<Relay> log) : BackgroundService
{
    private const int Batch = 64;
    private const int MaxAttempts = 12; // with the backoff below: about 10 hours
    private const int MostTurns = 8; // of one attempt
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // for commits of other hosts
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);

    private readonly FrozenDictionary<Type, HandlerRegistration[]> byEvent =
        handlers.GroupBy(h => h.Event).ToFrozenDictionary(g => g.Key, g => g.ToArray());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signals.Next();
            try
            {
                if (await RelayBatch(stoppingToken)) continue;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.RelayFailed(log, e.GetType().Name, e);
            }

            await Task.WhenAny(next, Task.Delay(Poll, clock, stoppingToken));
        }
    }

    /// <summary>Handles what is due; true when a full batch suggests that more waits.</summary>
    internal async Task<bool> RelayBatch(CancellationToken ct)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        var now = clock.GetUtcNow();
        var latest = now + LongestBackoff + Lease; // nothing is put off further, unless by a clock that has been put back since
        var due = await db.Outbox.AsNoTracking()
            .Where(r => r.State == OutboxState.Waiting && (r.DueAt <= now || r.DueAt > latest))
            .OrderBy(r => r.DueAt).ThenBy(r => r.Id).Take(Batch).ToListAsync(ct);
        metrics.Observe(due.Count == 0 ? TimeSpan.Zero : now - due[0].OccurredAt);
        if (due.Count == 0) return false;

        foreach (var row in await Claim(db, due, now, ct))
            await Settle(db, row, await Handle(row, ct), ct);
        return due.Count == Batch;
    }

    private static async Task<List<OutboxRow>> Claim(KernelDb db, List<OutboxRow> due, DateTimeOffset now, CancellationToken ct)
    {
        var until = now + Lease;
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

    private async Task<string?> Handle(OutboxRow row, CancellationToken ct)
    {
        if (catalog.Read(row.Name, row.Body) is not { } happened || !byEvent.TryGetValue(happened.GetType(), out var listening))
            return null;

        string? failure = null;
        foreach (var handler in listening)
        {
            try
            {
                await Deliver(handler, row, happened, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                failure = e.GetType().Name;
                Log.HandlerFailed(log, handler.Name, row.Id, row.Name, row.Attempts + 1, e);
            }
        }

        return failure;
    }

    /// <summary>What lost to another change is decided again at once: two hosts may count on one row.</summary>
    private async Task Deliver(HandlerRegistration handler, OutboxRow row, IEvent happened, CancellationToken ct)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                using var scope = scopes.CreateScope();
                await handler.Deliver(scope.ServiceProvider, row, happened, clock.GetUtcNow(), ct);
                return;
            }
            catch (DbUpdateException e) when (turn < MostTurns && (e is DbUpdateConcurrencyException || e.IsUniqueViolation() || e.IsDeadlock()))
            {
                Log.HandledAgain(log, handler.Name, row.Id);
            }
        }
    }

    private async Task Settle(KernelDb db, OutboxRow row, string? failure, CancellationToken ct)
    {
        var parked = failure is not null && row.Attempts + 1 >= MaxAttempts;
        var state = failure is null ? OutboxState.Done : parked ? OutboxState.Parked : OutboxState.Waiting;
        var dueAt = clock.GetUtcNow() + Backoff(row.Attempts);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Outbox.Where(r => r.Id == row.Id && r.Attempts == row.Attempts + 1).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, state).SetProperty(r => r.DueAt, dueAt).SetProperty(r => r.LastError, failure), ct);
        await transaction.CommitAsync(ct);
        if (parked) Log.EventParked(log, row.Id, row.Name, row.Attempts + 1);
    }

    private static TimeSpan Backoff(int attempts)
    {
        var seconds = Math.Min(LongestBackoff.TotalSeconds, Math.Pow(3, attempts));
        return TimeSpan.FromSeconds(seconds);
    }
}

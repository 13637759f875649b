using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Kernel.Persistence;

/// <summary>
/// Writes raised events, their audit entries and the call's idempotency row in the transaction of the change, and wakes the waiters for the
/// committed rows.
/// </summary>
internal sealed class RecordOnSave(
    EventCatalog catalog, Listeners listeners, CommitSignals signals, IHttpContextAccessor accessor, TimeProvider clock)
        : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ModuleDb db) Record(db);
        return ValueTask.FromResult(result);
    }

    /// <summary>Called after the commit of every transaction, also that of a single save.</summary>
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not ModuleDb db) return Task.CompletedTask;
        foreach (var row in db.Awaited) signals.Raise(row);
        db.Awaited.Clear();
        return Task.CompletedTask;
    }

    /// <summary>
    /// After a conflict the change is decided again from the start, so the idempotency row must be added to the next save, with the object
    /// that it makes.
    /// </summary>
    public override ValueTask<InterceptionResult> ThrowingConcurrencyExceptionAsync(
        ConcurrencyExceptionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Withdraw();
        return ValueTask.FromResult(result);
    }

    /// <summary>
    /// A deadlock victim was rolled back and is decided again, like a conflict. After a unique violation the object of the failed save does
    /// not exist either: the call is refused, or tries again with another value.
    /// </summary>
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is DbUpdateException failed && (failed.IsUniqueViolation() || failed.IsDeadlock())) Withdraw();
        return Task.CompletedTask;
    }

    private void Withdraw()
    {
        if (accessor.HttpContext is not { } http) return;
        http.Features.Get<IdempotentCall>()?.Withdraw();
        http.ForgetAuditedObject();
    }

    private void Record(ModuleDb db)
    {
        var now = clock.GetUtcNow();
        var happened = new List<Raised>();
        var hasChanges = false;
        foreach (var entry in db.ChangeTracker.Entries<Entity>().ToList())
        {
            happened.AddRange(entry.Entity.TakeRaised());
            if (entry.State is not (EntityState.Added or EntityState.Modified) && !HasChangedParts(entry)) continue;
            hasChanges = true;
            entry.Property(e => e.Revision).CurrentValue = entry.Property(e => e.Revision).OriginalValue + 1;
        }

        var actor = AuditActor.Of(accessor.HttpContext);
        foreach (var (one, auditEntry, cause) in happened)
        {
            var name = catalog.NameOf(one.GetType());
            var body = EventCatalog.Write(one);
            if (listeners.Want(one))
                db.Add(new OutboxRow
                {
                    Id = Ids.New("evt", now),
                    Name = name,
                    ObjectId = one.ObjectId,
                    Body = body,
                    OccurredAt = now,
                    DueAt = now
                });
            var fact = new AuditFact(
                auditEntry ?? Ids.New("log", now), now, AuditFact.Event, name, one.ObjectId, AuditFact.Success, null,
                one.Organizations, cause ?? actor, Details(body));
            db.Add(new AuditPendingRow { Id = fact.Id, At = now, Body = fact.ToBytes() });
        }

        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified && signals.AreWaitedFor(entry.Metadata.ClrType))
                db.Awaited.Add(entry.Metadata.ClrType);
        }

        if (accessor.HttpContext is not { } http) return;
        if (happened.Count > 0) http.NameAuditedObject(happened[0].Happened.ObjectId);
        // also a change without an event, if the action has set the audited object
        else if (!hasChanges || http.FindAuditedObject() is null) return;
        if (http.Features.Get<IdempotentCall>() is not { Recorded: false } call) return;
        // An earlier failed save may have left the row in this context.
        foreach (var stale in db.ChangeTracker.Entries<IdempotencyRow>().Where(e => e.Entity.Id == call.Id).ToList())
            stale.State = EntityState.Detached;
        db.Add(call.Complete(http.FindAuditedObject()!, now));
    }

    /// <summary>A changed owned part changes its root, whose revision guards the whole aggregate.</summary>
    private static bool HasChangedParts(Microsoft.EntityFrameworkCore.ChangeTracking.EntityEntry entry) =>
        entry.State is EntityState.Unchanged && entry.References.Any(r => r.TargetEntry is
        {
            State: EntityState.Added or EntityState.Modified or EntityState.Deleted
        } target && target.Metadata.IsOwned());

    private static Dictionary<string, JsonElement> Details(string body)
    {
        using var parsed = JsonDocument.Parse(body);
        return parsed.RootElement.EnumerateObject()
            .Where(p => p.Name is not ("objectId" or "organizations"))
            .ToDictionary(p => p.Name, p => p.Value.Clone());
    }
}

using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Destruction;

/// <summary>
/// Finishes destructions that have begun, after a crash too: every step can be repeated, and a host that takes one up moves its due time
/// ahead, so that two hosts do not work on the same one.
/// </summary>
internal sealed class FinishDestructions(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FinishDestructions> log) : Worker(clock)
{
    private const int Batch = 50;
    private static readonly RowLease Claim = new(TimeSpan.FromSeconds(60), Further: TimeSpan.FromSeconds(60));
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private readonly Signal wake = new();

    /// <summary>Looks for work now instead of within the second.</summary>
    public void Wake() => wake.Raise();

    protected override TimeSpan Period => TimeSpan.FromSeconds(1);

    protected override Task? Woken() => wake.Next();

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await FinishBatch(ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.SweepFailed(log, nameof(FinishDestructions), failure.GetType().Name, failure);

    internal async Task FinishBatch(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var now = Clock.GetUtcNow();
        var due = await db.Transfers.AsNoTracking().Where(Claim.Due<Transfer>(t => t.DestructionDueAt, now))
            .OrderBy(t => t.DestructionDueAt).ThenBy(t => t.Id).Take(Batch).ToListAsync(ct);
        var mine = await ClaimEach(db, due, Claim.Until(now), ct);
        if (mine.Count == 0) return;

        var shredder = scope.ServiceProvider.GetRequiredService<Shredder>();
        var completion = scope.ServiceProvider.GetRequiredService<Completion>();
        var erased = await shredder.EraseKeys(ct); // once for all: the keys of all these left their rows before
        foreach (var id in mine)
        {
            try
            {
                if (erased) await shredder.DeleteBytes(id, ct);
                if (!erased || !await completion.Complete(id, ct)) await PutOff(db, id, Clock.GetUtcNow() + TryAgain, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.TransferStepFailed(log, nameof(FinishDestructions), id, e.GetType().Name, e); // comes back when the claim has run out
            }

            db.ChangeTracker.Clear();
        }
    }

    private static async Task<List<string>> ClaimEach(StudiesDb db, List<Transfer> due, DateTimeOffset until, CancellationToken ct)
    {
        var mine = new List<string>();
        foreach (var transfer in due)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var claimed = await db.Transfers.Where(t => t.Id == transfer.Id && t.DestructionDueAt == transfer.DestructionDueAt)
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(t => t.DestructionDueAt, until).SetProperty(t => t.Revision, t => t.Revision + 1), ct);
            await transaction.CommitAsync(ct);
            if (claimed == 1) mine.Add(transfer.Id);
        }

        return mine;
    }

    private static async Task PutOff(StudiesDb db, string id, DateTimeOffset until, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Transfers.Where(t => t.Id == id && t.Status == TransferStatus.Destroying)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(t => t.DestructionDueAt, until).SetProperty(t => t.Revision, t => t.Revision + 1), ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>A destruction that has just begun is finished within milliseconds; the sweep is for what a crash left.</summary>
internal sealed class FinishSoon(FinishDestructions finishing) : IHandle<TransferDestroying>
{
    public const string Name = "FinishSoon"; // receipts are stored under it

    public Task Handle(TransferDestroying happened, CancellationToken ct)
    {
        finishing.Wake();
        return Task.CompletedTask;
    }
}

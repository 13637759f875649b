using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Destruction;

/// <summary>
/// Finishes destructions that have begun, also after a crash. Every step can be repeated. A host claims a destruction by moving its due
/// time ahead, so that two hosts do not work on the same one.
/// </summary>
/// <remarks>
/// How a study is destroyed: <see cref="DestructionStart"/> removes the key from its row and cuts the streams of this host, in the call of
/// a party or when the window ends. This worker then lets <see cref="Shredder"/> erase the key from the database file and delete the
/// sealed bytes, and <see cref="Completion"/> close the meter and sign the certificate. A step that fails, or that must wait for readers
/// or open streams, is tried again. <see cref="DestroyDayKeysJob"/> later destroys the key of the day, which makes backups unreadable.
/// <see cref="DestructionController"/> lets a party destroy a study and read its certificate.
/// </remarks>
internal sealed class FinishDestructions(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FinishDestructions> log) : Worker(clock)
{
    private const int Batch = 50;
    private static readonly RowLease Claim = new(TimeSpan.FromSeconds(60), Further: TimeSpan.FromSeconds(60));
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private readonly Signal wake = new();

    /// <summary>Looks for work now, not at the next period.</summary>
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
        var erased = await shredder.EraseKeys(ct); // one run for the batch: all its keys have left their rows
        foreach (var id in mine)
        {
            try
            {
                if (erased) await shredder.DeleteBytes(id, ct);
                if (!erased || !await completion.Complete(id, ct)) await Postpone(db, id, Clock.GetUtcNow() + RetryDelay, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.TransferStepFailed(log, nameof(FinishDestructions), id, e.GetType().Name, e); // due again when the claim runs out
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

    private static async Task Postpone(StudiesDb db, string id, DateTimeOffset until, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Transfers.Where(t => t.Id == id && t.Status == TransferStatus.Destroying)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(t => t.DestructionDueAt, until).SetProperty(t => t.Revision, t => t.Revision + 1), ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Wakes the worker so that a new destruction finishes within milliseconds. The sweep is for those that a crash left.</summary>
internal sealed class FinishSoon(FinishDestructions finishing) : IHandle<TransferDestroying>
{
    public const string Name = "FinishSoon"; // receipts are stored under it

    public Task Handle(TransferDestroying happened, CancellationToken ct)
    {
        finishing.Wake();
        return Task.CompletedTask;
    }
}

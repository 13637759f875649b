using Aegis.Kernel.Web.Http;

namespace Aegis.Studies.Transfers;

/// <summary>Reads or changes a transfer and shapes the answer, including what running streams may have served.</summary>
internal sealed class TransferAnswers(StudiesDb db, IPublicUrl publicUrl, TimeProvider clock)
{
    public async Task<TransferResponse> Read(IQueryable<Transfer> allowed, string id, CancellationToken ct)
    {
        var unsettled = await Unsettled(id, ct);
        return Shape(await Load(allowed, id, ct), unsettled);
    }

    /// <summary>Makes a change and answers with the result. The change is decided again if another change was saved first.</summary>
    public async Task<TransferResponse> Change(
        IQueryable<Transfer> allowed, string id, Func<Transfer, List<StreamLease>, DateTimeOffset, Task> change, CancellationToken ct)
    {
        List<StreamLease> unsettled = [];
        var changed = await db.ChangeWithRetry(async () =>
        {
            unsettled = await Unsettled(id, ct);
            var transfer = await allowed.Include(t => t.Meter).Get(id, ct);
            await change(transfer, unsettled, clock.GetUtcNow());
            return transfer;
        }, ct, alsoWhenTaken: true); // another call may have saved the same dispute number, receipt or Idempotency-Key first
        return Shape(changed, unsettled);
    }

    public async Task<OpenResponse> Shape(OpenedTransfer opened, CancellationToken ct) =>
        OpenResponse.From(opened, publicUrl, await Unsettled(opened.Transfer.Id, ct), clock.GetUtcNow());

    public async Task<TransferResponse> Shape(Transfer transfer, CancellationToken ct) => Shape(transfer, await Unsettled(transfer.Id, ct));

    /// <summary>
    /// The leases. Read them before the meter: a stream that is settled in between then counts twice in the upper bound, and is not missed.
    /// </summary>
    public Task<List<StreamLease>> Unsettled(string id, CancellationToken ct) =>
        db.Leases.AsNoTracking().Where(l => l.TransferId == id).OrderBy(l => l.Id).ToListAsync(ct);

    /// <summary>The transfer with its meter, not tracked.</summary>
    public static Task<Transfer> Load(IQueryable<Transfer> allowed, string id, CancellationToken ct) =>
        allowed.AsNoTracking().Include(t => t.Meter).Get(id, ct);

    private TransferResponse Shape(Transfer transfer, List<StreamLease> unsettled) =>
        TransferResponse.From(transfer, unsettled, clock.GetUtcNow());
}

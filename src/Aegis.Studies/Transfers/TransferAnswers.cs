using Aegis.Kernel.Web.Http;

namespace Aegis.Studies.Transfers;

/// <summary>Reads or changes a transfer and shapes the answer, with what running streams may have served counted in.</summary>
internal sealed class TransferAnswers(StudiesDb db, IPublicUrl publicUrl, TimeProvider clock)
{
    public async Task<TransferResponse> Read(IQueryable<Transfer> allowed, string id, CancellationToken ct)
    {
        var unsettled = await Unsettled(id, ct);
        return Shape(await Load(allowed, id, ct), unsettled);
    }

    /// <summary>Makes a change and answers with what is after it; the whole decision is made again when it lost to another.</summary>
    public async Task<TransferResponse> Change(
        IQueryable<Transfer> allowed, string id, Func<Transfer, List<StreamLease>, DateTimeOffset, Task> change, CancellationToken ct)
    {
        List<StreamLease> unsettled = [];
        var changed = await db.Repeat(async () =>
        {
            unsettled = await Unsettled(id, ct);
            var transfer = await allowed.Include(t => t.Meter).Get(id, ct);
            await change(transfer, unsettled, clock.GetUtcNow());
            return transfer;
        }, ct, alsoWhenTaken: true); // a dispute's number, the receipt, the Idempotency-Key: the next turn finds the other call's change
        return Shape(changed, unsettled);
    }

    public async Task<OpenResponse> Shape(OpenedTransfer opened, CancellationToken ct) =>
        OpenResponse.From(opened, publicUrl, await Unsettled(opened.Transfer.Id, ct), clock.GetUtcNow());

    public async Task<TransferResponse> Shape(Transfer transfer, CancellationToken ct) => Shape(transfer, await Unsettled(transfer.Id, ct));

    /// <summary>Read before the meter: a stream that is settled in between so counts twice in an upper bound, and not never.</summary>
    public Task<List<StreamLease>> Unsettled(string id, CancellationToken ct) =>
        db.Leases.AsNoTracking().Where(l => l.TransferId == id).OrderBy(l => l.Id).ToListAsync(ct);

    /// <summary>The transfer with its meter, only to be read.</summary>
    public static Task<Transfer> Load(IQueryable<Transfer> allowed, string id, CancellationToken ct) =>
        allowed.AsNoTracking().Include(t => t.Meter).Get(id, ct);

    private TransferResponse Shape(Transfer transfer, List<StreamLease> unsettled) =>
        TransferResponse.From(transfer, unsettled, clock.GetUtcNow());
}

using Aegis.Kernel.Events;

namespace Aegis.Studies.Windows;

/// <summary>
/// Suspends and resumes the transfers of two partners. It reads the current state of the partnership instead of trusting the event,
/// because events may arrive late or out of order.
/// </summary>
internal sealed class FollowPartnership(StudiesDb db, IPartnerships partnerships, LiveStreams streams, TimeProvider clock)
    : IHandleRepeatably<PartnershipSuspended>, IHandleRepeatably<PartnershipResumed>
{
    public const string Name = "FollowPartnership"; // receipts are stored under it

    private const int Batch = 100;
    private static readonly TransferStatus[] Suspendable = [TransferStatus.Ready, TransferStatus.Open];
    private static readonly TransferStatus[] Resumable = [TransferStatus.Suspended];

    public Task Handle(PartnershipSuspended happened, CancellationToken ct) => Follow(happened.ConsumerId, happened.ProviderId, ct);

    public Task Handle(PartnershipResumed happened, CancellationToken ct) => Follow(happened.ConsumerId, happened.ProviderId, ct);

    private async Task Follow(string consumerId, string providerId, CancellationToken ct)
    {
        var isActive = await partnerships.Find(consumerId, providerId, ct) is not null;
        var from = isActive ? Resumable : Suspendable;
        var after = "";
        while (true)
        {
            var ids = await db.Transfers
                .Where(t => t.ConsumerId == consumerId && t.ProviderId == providerId && from.Contains(t.Status)
                    && string.Compare(t.Id, after) > 0)
                .OrderBy(t => t.Id).Select(t => t.Id).Take(Batch).ToListAsync(ct);
            foreach (var id in ids) await Change(id, isActive, ct);
            if (ids.Count < Batch) return;
            after = ids[^1];
        }
    }

    private async Task Change(string id, bool isActive, CancellationToken ct)
    {
        var suspended = await db.ChangeWithRetry(async () =>
        {
            var transfer = await db.Transfers.FirstAsync(t => t.Id == id, ct);
            if (!isActive) return transfer.Suspend(clock.GetUtcNow());
            transfer.Resume();
            return false;
        }, ct);
        if (suspended) streams.CutTransfer(id, "transfer_suspended");
        db.ChangeTracker.Clear();
    }
}

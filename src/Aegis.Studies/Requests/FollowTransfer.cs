using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;

namespace Aegis.Studies.Requests;

/// <summary>Starts the period after which the details of a fulfilled request are shredded.</summary>
internal sealed class FollowTransfer(StudiesDb db, TimeProvider clock) : IHandle<TransferDestroyed>
{
    public const string Name = "FollowTransfer"; // receipts are stored under it

    public async Task Handle(TransferDestroyed happened, CancellationToken ct)
    {
        var request = await db.Requests.FirstOrDefaultAsync(x => x.Id == happened.RequestId, ct);
        request?.TransferEnded(clock.GetUtcNow());
    }
}

using Aegis.Kernel.Web.Http;

namespace Aegis.Studies.Destruction;

/// <summary>Begins destructions: removes the key at once and cuts the streams of this host. The sweep does the rest.</summary>
internal sealed class DestructionStart(StudiesDb db, LiveStreams streams, IPublicUrl publicUrl, TimeProvider clock)
{
    /// <summary>Removes the key for a party or the platform. A second call changes nothing.</summary>
    public Task<Transfer> Destroy(IQueryable<Transfer> allowed, string id, Func<Transfer, Initiator> by, CancellationToken ct) =>
        End(allowed, id, (transfer, now) => transfer.Destroy(DestructionReason.Manual, by(transfer), now), ct);

    /// <summary>Ends a transfer whose window is over, unless it has already ended.</summary>
    public Task<Transfer> EndWindow(string id, CancellationToken ct) => End(db.Transfers, id, EndIfOver, ct);

    /// <summary>True once the study can no longer be opened, also before the sweep has ended it.</summary>
    public bool HasEnded(Transfer transfer) => transfer.HasEnded(clock.GetUtcNow());

    /// <summary>The URL of the certificate.</summary>
    public string CertificateOf(string id) => $"{publicUrl.Value}/v1/transfers/{id}/certificate";

    /// <summary>410 with the time of the end and the URL of the certificate.</summary>
    public RefusedException Refusal(Transfer transfer) => transfer.Ended().With("certificate", CertificateOf(transfer.Id));

    private static bool EndIfOver(Transfer transfer, DateTimeOffset now) =>
        transfer.Window.HasEnded(now) && transfer.Destroy(DestructionReason.WindowEnd, Initiator.Window, now);

    private async Task<Transfer> End(
        IQueryable<Transfer> allowed, string id, Func<Transfer, DateTimeOffset, bool> end, CancellationToken ct)
    {
        var transfer = await db.ChangeWithRetry(async () =>
        {
            var loaded = await allowed.Include(t => t.Key).Get(id, ct);
            if (!EndIfOver(loaded, clock.GetUtcNow())) end(loaded, clock.GetUtcNow());
            return loaded;
        }, ct);
        if (transfer.Destruction is not null) streams.CutTransfer(transfer.Id, "transfer_ended");
        return transfer;
    }
}

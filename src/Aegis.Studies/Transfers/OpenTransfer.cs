using System.Text.Json;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Transfers;

/// <summary>Opens a transfer for its consumer: checks the state, issues a ticket and unseals the metadata.</summary>
internal sealed class OpenTransfer(
    StudiesDb db, IPartnerships partnerships, ViewRules rules, DestructionStart endings, SealedBox box, TimeProvider clock)
{
    public async Task<OpenedTransfer> Open(string id, Caller caller, CancellationToken ct)
    {
        var (transfer, text) = await db.ChangeWithRetry(async () =>
        {
            var loaded = await db.Transfers.OwnedBy(caller).Include(t => t.Key).Include(t => t.Meter).Get(id, ct);
            loaded.RequireConsumer(caller);
            if (loaded.ViewThreshold is null && !loaded.HasEnded(clock.GetUtcNow())) loaded.Adopt(await rules.Read(loaded, ct));
            return (loaded, await Issue(loaded, caller, ct));
        }, ct);

        var metadata = box.Open(transfer.Key!.SealedMetadata, StudyKey.Metadata(transfer.Id));
        return new OpenedTransfer(transfer, text, JsonSerializer.Deserialize<JsonElement>(metadata));
    }

    private async Task<string> Issue(Transfer transfer, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (transfer.HasEnded(now))
        {
            db.ChangeTracker.Clear();
            throw endings.Refusal(await endings.EndWindow(transfer.Id, ct));
        }

        transfer.Open(await db.Leases.AsNoTracking().Where(l => l.TransferId == transfer.Id).OrderBy(l => l.Id).ToListAsync(ct), now);
        // An agreement can lapse with time, and no event tells it.
        if (await partnerships.Find(transfer.ConsumerId, transfer.ProviderId, ct) is null) throw Transfer.Suspended();

        var live = await db.Tickets
            .Where(t => t.TransferId == transfer.Id && t.EndedAt == null && t.RevokedAt == null && t.ExpiresAt > now)
            .OrderBy(t => t.IssuedAt).ThenBy(t => t.Id).ToListAsync(ct);
        foreach (var oldest in live.Take(live.Count - ContentTicket.MaxLive + 1)) oldest.End(now);

        var (ticket, text) = ContentTicket.Issue(transfer.Id, caller, now);
        db.Tickets.Add(ticket);
        return text;
    }
}

/// <summary>An opened transfer with the ticket's text, which is never stored.</summary>
internal sealed record OpenedTransfer(Transfer Transfer, string TicketText, JsonElement Metadata)
{
    public override string ToString() => $"{Transfer.Id} ***";
}

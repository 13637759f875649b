using Aegis.Kernel.Events;

namespace Aegis.Studies.Serving;

/// <summary>
/// Ends the tickets of a revoked key or an ended login and cuts its streams on this host. Other hosts find the revocation themselves.
/// The rows stay, so that their URLs answer <c>ticket_revoked</c>.
/// </summary>
internal sealed class RevokeTickets(StudiesDb db, LiveStreams streams, TimeProvider clock)
    : IHandleRepeatably<KeyRevoked>, IHandleRepeatably<SessionEnded>
{
    public const string Name = "RevokeTickets"; // receipts are stored under it

    private const int Batch = 200;

    public Task Handle(KeyRevoked happened, CancellationToken ct) => Revoke(happened.ObjectId, ct);

    public Task Handle(SessionEnded happened, CancellationToken ct) => Revoke(happened.ObjectId, ct);

    private async Task Revoke(string credentialId, CancellationToken ct)
    {
        streams.CutCredential(credentialId, "key_revoked");
        var now = clock.GetUtcNow();
        while (true)
        {
            var tickets = await db.Tickets.Where(t => t.CredentialId == credentialId && t.RevokedAt == null && t.ExpiresAt > now)
                .OrderBy(t => t.Id).Take(Batch).ToListAsync(ct);
            tickets.ForEach(t => t.Revoke(now));
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
            if (tickets.Count < Batch) return;
        }
    }
}

namespace Aegis.Studies.Serving;

/// <summary>Decides whether a ticket still gives access to its content.</summary>
internal sealed class TicketCheck(
    StudiesDb db, IKeyDirectory keys, IPartnerships partnerships, DestructionStart endings, TimeProvider clock)
{
    private static readonly HashSet<string> NoScopes = [];

    /// <summary>Returns what the ticket gives access to, and sets the holder of the ticket as the caller.</summary>
    public async Task<ServedTicket> Admit(string? text, HttpContext context, CancellationToken ct)
    {
        if (ContentTicket.IdOf(text) is not { } id) throw Unknown();
        var ticket = await db.Tickets.AsNoTracking().FirstOrDefaultAsync(t => t.Id == id, ct) ?? throw Unknown();
        context.SetCaller(new Caller(
            ticket.OrganizationId, ticket.Subject, ticket.SubjectName, KeyOf(ticket), UserId: null, Role: null, NoScopes, Partners: null,
            ticket.ExpiresAt));

        var now = clock.GetUtcNow();
        var transfer = await db.Transfers.AsNoTracking().Include(t => t.Key).FirstAsync(t => t.Id == ticket.TransferId, ct);
        if (transfer.HasEnded(now) || transfer.Key is null) throw endings.Refusal(transfer);
        if (ticket.RevokedAt is not null || (ticket.CredentialId is not null && !await keys.IsActive(ticket.CredentialId, ct)))
            throw Refuse.Forbidden("ticket_revoked",
                "The API key or login that opened this study has ended. Open the transfer again with a valid one.");
        // The partnership is also asked, as at every open: the transfer is suspended a moment after the partnership was, and no event tells
        // that an agreement lapsed.
        if (transfer.Status is TransferStatus.Suspended || await partnerships.Find(transfer.ConsumerId, transfer.ProviderId, ct) is null)
            throw Transfer.Suspended();
        // A transfer of release 0.1.0 has no view rule before its next open, and without the rule nothing may be served.
        if (ticket.HasExpired(now) || transfer.ViewThreshold is null)
        {
            throw Refuse.Forbidden(
                "ticket_expired",
                "This URL is valid for five minutes, and only for the last four opens. Open the transfer again and continue with Range.");
        }

        return new ServedTicket(ticket.Id, ticket.IssuedAt, ticket.CredentialId, transfer);
    }

    /// <summary>The subject of a ticket is the key itself, or the person of a login.</summary>
    private static string? KeyOf(ContentTicket ticket) => ticket.CredentialId == ticket.Subject ? ticket.CredentialId : null;

    private static RefusedException Unknown() => Refuse.NotFound("content");
}

/// <summary>A valid ticket with its transfer, read without tracking.</summary>
internal sealed record ServedTicket(string TicketId, DateTimeOffset IssuedAt, string? CredentialId, Transfer Transfer)
{
    public string TransferId => Transfer.Id;
}

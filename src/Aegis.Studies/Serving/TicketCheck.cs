namespace Aegis.Studies.Serving;

/// <summary>Decides whether a ticket still opens its content.</summary>
internal sealed class TicketCheck(StudiesDb db, IKeyDirectory keys, IPartnerships partnerships, TransferEndings endings, TimeProvider clock)
{
    private static readonly HashSet<string> NoScopes = [];

    /// <summary>What the ticket opens; the call is from here on the ticket holder's.</summary>
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
                "The API key or login that opened this study has ended. Open it again with one that works.");
        // As at every open: the event that suspends the transfer comes a moment after the partnership was suspended, and none for an
        // agreement that lapses.
        if (transfer.Status is TransferStatus.Suspended || await partnerships.Find(transfer.ConsumerId, transfer.ProviderId, ct) is null)
            throw Transfer.Suspended();
        // A transfer of release 0.1.0 says only after its next open what is a view; without that nothing may be served.
        if (ticket.HasExpired(now) || transfer.ViewThreshold is null)
        {
            throw Refuse.Forbidden(
                "ticket_expired",
                "This address is valid for five minutes and for the last four opens. Open the transfer again and continue with Range.");
        }

        return new ServedTicket(ticket.Id, ticket.IssuedAt, ticket.CredentialId, transfer);
    }

    /// <summary>The subject of a key is the key; that of a login is the person.</summary>
    private static string? KeyOf(ContentTicket ticket) => ticket.CredentialId == ticket.Subject ? ticket.CredentialId : null;

    private static RefusedException Unknown() => Refuse.NotFound("content");
}

/// <summary>An admitted ticket with the transfer it opens, read without tracking.</summary>
internal sealed record ServedTicket(string TicketId, DateTimeOffset IssuedAt, string? CredentialId, Transfer Transfer)
{
    public string TransferId => Transfer.Id;
}

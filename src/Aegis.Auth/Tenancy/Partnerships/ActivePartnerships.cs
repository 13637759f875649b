namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>Tells other modules which organizations may exchange studies today (UTC).</summary>
internal sealed class ActivePartnerships(AuthDb db, ActivePartnershipQuery query, TimeProvider clock) : IPartnerships
{
    public async Task<PartnershipTerms?> Find(string consumerId, string providerId, CancellationToken ct) =>
        providerId.EndsWith(' ') ? null // SQL Server ignores trailing spaces in any collation, and callers store the id they asked for
        : await query.Run(db, consumerId, providerId, clock.Today(), ct);
}

/// <summary>The compiled query. It is a singleton of the container, because it is tied to the container's model.</summary>
internal sealed class ActivePartnershipQuery
{
    private readonly Func<AuthDb, string, string, DateOnly, CancellationToken, Task<PartnershipTerms?>> compiled =
        EF.CompileAsyncQuery((AuthDb db, string consumerId, string providerId, DateOnly today, CancellationToken ct) => (
            from partnership in db.Partnerships
            where partnership.ConsumerId == consumerId && partnership.ProviderId == providerId
                && partnership.Status == PartnershipStatus.Active
                && partnership.ConsumerBaaUntil >= today && partnership.ProviderBaaUntil >= today
            join consumer in db.Organizations on partnership.ConsumerId equals consumer.Id
            join provider in db.Organizations on partnership.ProviderId equals provider.Id
            where consumer.ClosedAt == null && provider.ClosedAt == null
            select new PartnershipTerms(partnership.Id, partnership.Deidentification)).SingleOrDefault());

    public Task<PartnershipTerms?> Run(AuthDb db, string consumerId, string providerId, DateOnly today, CancellationToken ct) =>
        compiled(db, consumerId, providerId, today, ct);
}

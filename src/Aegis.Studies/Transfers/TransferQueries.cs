namespace Aegis.Studies.Transfers;

/// <summary>Finds transfers for their parties, and changes them when others do so at the same time.</summary>
internal static class TransferQueries
{
    /// <summary>The transfers that the caller's organization is a party of, within the partners that its key is narrowed to.</summary>
    public static IQueryable<Transfer> OwnedBy(this IQueryable<Transfer> transfers, Caller caller)
    {
        var own = caller.OrganizationId;
        transfers = transfers.Where(t => t.ConsumerId == own || t.ProviderId == own);
        if (caller.Partners is null) return transfers;

        var partners = caller.Partners.ToList();
        return transfers.Where(t => partners.Contains(t.ConsumerId == own ? t.ProviderId : t.ConsumerId));
    }

    /// <summary>As <see cref="OwnedBy"/>; the platform's admin may settle disputes and destroy for every organization.</summary>
    public static IQueryable<Transfer> GovernedBy(this IQueryable<Transfer> transfers, Caller caller) =>
        caller.IsPlatformAdmin ? transfers : transfers.OwnedBy(caller);

    public static async Task<Transfer> Get(this IQueryable<Transfer> transfers, string id, CancellationToken ct) =>
        await transfers.FirstOrDefaultAsync(t => t.Id == id, ct) ?? throw Refuse.NotFound("transfer");

    /// <summary>In which role the caller acts on this transfer.</summary>
    public static Initiator RoleOf(this Transfer transfer, Caller caller)
    {
        if (transfer.ConsumerId == caller.OrganizationId) return Initiator.Consumer;
        return transfer.ProviderId == caller.OrganizationId ? Initiator.Provider : Initiator.Platform;
    }

    public static void RequireConsumer(this Transfer transfer, Caller caller)
    {
        if (transfer.RoleOf(caller) is not Initiator.Consumer)
            throw Refuse.Forbidden("wrong_party", "Only the consumer of this transfer can do this; your organization is its provider.");
    }

    /// <summary>
    /// Loads, changes and saves. When another host, call or stream changed the same rows meanwhile, the whole decision is made again
    /// on what they are now.
    /// </summary>
    /// <param name="db">Holds nothing unsaved.</param>
    /// <param name="loadAndChange">The decision.</param>
    /// <param name="ct">Ends it early.</param>
    /// <param name="alsoWhenTaken">As in <see cref="Decisions.RetryOnConflict{T}"/>: another dispute or receipt may be saved first.</param>
    public static Task<T> Repeat<T>(this StudiesDb db, Func<Task<T>> loadAndChange, CancellationToken ct, bool alsoWhenTaken = false) =>
        db.RetryOnConflict(async () =>
        {
            var result = await loadAndChange();
            await db.SaveChangesAsync(ct);
            return result;
        }, alsoWhenTaken);
}

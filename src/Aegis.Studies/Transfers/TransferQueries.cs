namespace Aegis.Studies.Transfers;

/// <summary>Finds transfers for their parties, and retries changes that conflict with others.</summary>
internal static class TransferQueries
{
    /// <summary>Transfers in which the caller's organization is a party, narrowed to the partners of its key.</summary>
    public static IQueryable<Transfer> OwnedBy(this IQueryable<Transfer> transfers, Caller caller)
    {
        var organization = caller.OrganizationId;
        transfers = transfers.Where(t => t.ConsumerId == organization || t.ProviderId == organization);
        if (caller.Partners is null) return transfers;

        var partners = caller.Partners.ToList();
        return transfers.Where(t => partners.Contains(t.ConsumerId == organization ? t.ProviderId : t.ConsumerId));
    }

    /// <summary>As <see cref="OwnedBy"/>, but all transfers for a platform admin, who may settle disputes and destroy studies.</summary>
    public static IQueryable<Transfer> GovernedBy(this IQueryable<Transfer> transfers, Caller caller) =>
        caller.IsPlatformAdmin ? transfers : transfers.OwnedBy(caller);

    public static async Task<Transfer> Get(this IQueryable<Transfer> transfers, string id, CancellationToken ct) =>
        await transfers.FirstOrDefaultAsync(t => t.Id == id, ct) ?? throw Refuse.NotFound("transfer");

    /// <summary>The role in which the caller acts on this transfer.</summary>
    public static Initiator RoleOf(this Transfer transfer, Caller caller)
    {
        if (transfer.ConsumerId == caller.OrganizationId) return Initiator.Consumer;
        return transfer.ProviderId == caller.OrganizationId ? Initiator.Provider : Initiator.Platform;
    }

    public static void RequireConsumer(this Transfer transfer, Caller caller)
    {
        if (transfer.RoleOf(caller) is not Initiator.Consumer)
            throw Refuse.Forbidden("wrong_party", "Only the consumer of this transfer can do this. Your organization is its provider.");
    }

    /// <summary>
    /// Loads, changes and saves. If another host, call or stream changed the same rows at the same time, it starts again with their
    /// current values.
    /// </summary>
    /// <param name="db">Must not have unsaved changes.</param>
    /// <param name="loadAndChange">Loads the rows, decides and changes them.</param>
    /// <param name="ct">Cancels the call.</param>
    /// <param name="alsoWhenTaken">As in <see cref="Decisions.RetryOnConflict{T}"/>: another dispute or receipt may be saved first.</param>
    public static Task<T> ChangeWithRetry<T>(
        this StudiesDb db, Func<Task<T>> loadAndChange, CancellationToken ct, bool alsoWhenTaken = false) =>
        db.RetryOnConflict(async () =>
        {
            var result = await loadAndChange();
            await db.SaveChangesAsync(ct);
            return result;
        }, alsoWhenTaken);
}

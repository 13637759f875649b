namespace Aegis.Kernel.Persistence;

/// <summary>
/// Runs statements that change rows directly, which EF would otherwise send outside of a transaction and so outside of the write gate.
/// </summary>
public static class Transactions
{
    /// <summary>Runs <paramref name="work"/> in one transaction and gives back how many rows it says it changed.</summary>
    public static async Task<int> InTransaction(this ModuleDb db, Func<Task<int>> work, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await work();
        await transaction.CommitAsync(ct);
        return changed;
    }
}

namespace Aegis.Kernel.Persistence;

/// <summary>Runs direct update statements in a transaction. EF would send them without one, and so without the write gate.</summary>
public static class Transactions
{
    /// <summary>Runs <paramref name="work"/> in one transaction and returns its number of changed rows.</summary>
    public static async Task<int> InTransaction(this ModuleDb db, Func<Task<int>> work, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await work();
        await transaction.CommitAsync(ct);
        return changed;
    }
}

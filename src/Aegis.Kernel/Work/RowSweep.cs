namespace Aegis.Kernel.Work;

/// <summary>
/// Deletes rows that nobody needs any longer, a few in each transaction, so that a table that grew holds up no other writer.
/// A sweep may end half-way, run twice, and run on several hosts: what is gone is not found again.
/// </summary>
public static class RowSweep
{
    /// <summary>Bounds how long one transaction holds the database.</summary>
    public const int Batch = 500;

    /// <summary>Deletes them all, in their order, which should be that of the index they are found by.</summary>
    /// <param name="db">Where they are.</param>
    /// <param name="rows">Of a table whose key is one column: for a longer key each batch would read the whole table.</param>
    /// <param name="ct">Ends it between two batches, or undoes the batch.</param>
    public static Task Sweep<TRow>(this ModuleDb db, IOrderedQueryable<TRow> rows, CancellationToken ct) =>
        InBatches(() => db.InTransaction(() => rows.Take(Batch).ExecuteDeleteAsync(ct), ct));

    /// <summary>For rows that are not deleted alone: goes on until <paramref name="sweep"/> found fewer than a batch.</summary>
    public static async Task InBatches(Func<Task<int>> sweep)
    {
        while (await sweep() == Batch) await Task.Yield();
    }
}

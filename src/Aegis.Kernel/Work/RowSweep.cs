namespace Aegis.Kernel.Work;

/// <summary>
/// Deletes obsolete rows, a few per transaction, so that other writers do not wait for a large delete. A sweep may stop halfway, run twice,
/// and run on several hosts: deleted rows are not found again.
/// </summary>
public static class RowSweep
{
    /// <summary>Limits how long one transaction locks the database.</summary>
    public const int Batch = 500;

    /// <summary>Deletes all the rows, in their order, which should be the order of the index that finds them.</summary>
    /// <param name="db">The database.</param>
    /// <param name="rows">Rows of a table with a one-column key. With a longer key each batch would read the whole table.</param>
    /// <param name="ct">Stops between two batches, or rolls the batch back.</param>
    public static Task Sweep<TRow>(this ModuleDb db, IOrderedQueryable<TRow> rows, CancellationToken ct) =>
        InBatches(() => db.InTransaction(() => rows.Take(Batch).ExecuteDeleteAsync(ct), ct));

    /// <summary>
    /// Runs <paramref name="sweep"/> until it deletes fewer rows than a batch. For rows that cannot be deleted with a single query.
    /// </summary>
    public static async Task InBatches(Func<Task<int>> sweep)
    {
        while (await sweep() == Batch) await Task.Yield();
    }
}

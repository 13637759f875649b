namespace Aegis.Kernel.Persistence;

/// <summary>Repeats a decision when another change of the same rows was saved first.</summary>
public static class Decisions
{
    private const int MaxAttempts = 20; // each lost attempt means that another change of the same rows was saved

    /// <summary>
    /// Runs <paramref name="decide"/>, which loads rows, decides, changes them and saves once. If the save had a conflict or was the victim
    /// of a deadlock, nothing was stored: the change tracker is cleared, and it runs again with the current rows. So two changes of one row
    /// are decided one after the other, on any hosts. A refusal ends it, and after the last attempt the failed save is thrown.
    /// </summary>
    /// <param name="db">Must contain no other unsaved changes: a second attempt would lose them.</param>
    /// <param name="decide">May run more than once, so it must do nothing outside the database before its save.</param>
    /// <param name="alsoWhenTaken">
    /// True to retry also when another row already has a unique value: the next attempt finds that row, or generates another value. The
    /// row of an Idempotency-Key is such a value too: the next attempt must then be refused by the other call's change, or all
    /// attempts are lost.
    /// </param>
    public static async Task<T> RetryOnConflict<T>(this ModuleDb db, Func<Task<T>> decide, bool alsoWhenTaken = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await decide();
            }
            catch (DbUpdateException lost) when (
                attempt < MaxAttempts
                    && (lost is DbUpdateConcurrencyException || lost.IsDeadlock() || (alsoWhenTaken && lost.IsUniqueViolation())))
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <inheritdoc cref="RetryOnConflict{T}"/>
    public static Task RetryOnConflict(this ModuleDb db, Func<Task> decide) => db.RetryOnConflict(async () =>
    {
        await decide();
        return true;
    });

    /// <summary>
    /// Includes a row that was only read in the conflict check. If this save and a change of that row happen at once, one of them fails and
    /// is retried.
    /// </summary>
    public static void LockByRevision(this ModuleDb db, Entity seen) => db.Entry(seen).Property(e => e.Revision).IsModified = true;
}

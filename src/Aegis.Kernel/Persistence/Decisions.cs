namespace Aegis.Kernel.Persistence;

/// <summary>Makes a decision once more when another change of the same rows was saved first.</summary>
public static class Decisions
{
    private const int MaxAttempts = 20; // each lost turn means that another change of these very rows was saved

    /// <summary>
    /// Runs <paramref name="decide"/>, which loads what it decides on, changes it and saves once. When that save lost to another change, or
    /// was the victim of a deadlock, nothing of it is stored: what was tracked is forgotten, and it runs again on what the rows are now. So
    /// two who change one row decide one after the other, on whatever hosts. Refusals end it, and after the last turn the failed save does.
    /// </summary>
    /// <param name="db">Holds nothing unsaved that is meant to last: a second turn starts without it.</param>
    /// <param name="decide">May run more than once, so it does nothing outside of the database before its save.</param>
    /// <param name="alsoWhenTaken">
    /// True when a unique value that somebody else took is no end either: the next turn finds the other's row, or draws another value. The
    /// receipt of an Idempotency-Key is such a value too: the next turn must end on what the other call changed, or all turns are lost.
    /// </param>
    public static async Task<T> RetryOnConflict<T>(this ModuleDb db, Func<Task<T>> decide, bool alsoWhenTaken = false)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                return await decide();
            }
            catch (DbUpdateException lost) when (
                turn < MaxAttempts
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
    /// Lets a row that was only looked at take part in the save: of this save and any change of that row at the same moment, one loses and
    /// is decided anew.
    /// </summary>
    public static void LockByRevision(this ModuleDb db, Entity seen) => db.Entry(seen).Property(e => e.Revision).IsModified = true;
}

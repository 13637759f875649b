using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace Aegis.Kernel.Work;

/// <summary>
/// A lease on a row: one host works on it until the lease ends. An end further ahead than any valid lease was written by a clock that has
/// since been set back. Such a row counts as free, otherwise nobody would work on it for as long as that clock was ahead. A lease decides
/// who works, not who may save: a host whose clock is ahead can take any lease. So each save under a lease must check the owner or the
/// revision of the row.
/// </summary>
/// <param name="Length">How long a lease lasts.</param>
/// <param name="Further">How much further ahead a valid end can be: the longest backoff.</param>
public sealed record RowLease(TimeSpan Length, TimeSpan Further = default)
{
    /// <summary>
    /// How much the clocks of two hosts may differ. Without it a host whose clock is slightly behind would take the leases of other hosts.
    /// </summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(15);

    /// <summary>The end of a lease that starts now.</summary>
    public DateTimeOffset Until(DateTimeOffset now) => now + Length;

    /// <summary>True when nobody holds the lease.</summary>
    public bool IsFree(DateTimeOffset? until, DateTimeOffset now) => until is not { } end || end <= now || end > Latest(now);

    /// <summary>A query filter for rows without a lease. The times are parameters of the query, so EF translates it only once.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Free<T>(Expression<Func<T, DateTimeOffset?>> until, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(until, end => end == null || end <= now || end > latest);
    }

    /// <summary>A query filter for rows without a lease and rows whose lease the caller holds.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="own">True for the caller's rows.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> FreeOrOwn<T>(
        Expression<Func<T, DateTimeOffset?>> until, Expression<Func<T, bool>> own, DateTimeOffset now)
    {
        var free = Free(until, now);
        var mine = ReplacingExpressionVisitor.Replace(own.Parameters[0], free.Parameters[0], own.Body);
        return Expression.Lambda<Func<T, bool>>(Expression.OrElse(free.Body, mine), free.Parameters);
    }

    /// <summary>A query filter for rows with a valid lease.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Held<T>(Expression<Func<T, DateTimeOffset?>> until, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(until, end => end > now && end <= latest);
    }

    /// <summary>
    /// A query filter for due rows. A host claims one by moving its due time to the end of the lease. A row without a due time is never
    /// due.
    /// </summary>
    /// <param name="dueAt">The column with the due time.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Due<T>(Expression<Func<T, DateTimeOffset?>> dueAt, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(dueAt, at => at <= now || at > latest);
    }

    private DateTimeOffset Latest(DateTimeOffset now) => now + Length + Further + Skew;

    private static Expression<Func<T, bool>> Of<T>(
        Expression<Func<T, DateTimeOffset?>> column, Expression<Func<DateTimeOffset?, bool>> condition)
    {
        var body = ReplacingExpressionVisitor.Replace(condition.Parameters[0], column.Body, condition.Body);
        return Expression.Lambda<Func<T, bool>>(body, column.Parameters);
    }
}

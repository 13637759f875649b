using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Query;

namespace Aegis.Kernel.Work;

/// <summary>
/// Who works on a row until when. An end that lies further ahead than any that is given was written by a clock that has been put back
/// since: such a row is free, or nobody would work on it for as long as that clock was ahead. It decides who works, never what is saved: a
/// host whose clock is ahead takes every lease, so each save under one depends on the owner or the revision of the row.
/// </summary>
/// <param name="Length">For how long a row is taken.</param>
/// <param name="Further">By how much more an end can lie ahead: what a failure puts off.</param>
public sealed record RowLease(TimeSpan Length, TimeSpan Further = default)
{
    /// <summary>
    /// What the clocks of two hosts may differ by. Without it a host whose clock is a moment behind would take each lease of the others
    /// at once.
    /// </summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(15);

    /// <summary>When a lease ends that is given now.</summary>
    public DateTimeOffset Until(DateTimeOffset now) => now + Length;

    /// <summary>True when nobody has the row.</summary>
    public bool IsFree(DateTimeOffset? until, DateTimeOffset now) => until is not { } end || end <= now || end > Latest(now);

    /// <summary>Rows that nobody has, for a query. The times stay parameters of it, so that it is translated once.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Free<T>(Expression<Func<T, DateTimeOffset?>> until, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(until, end => end == null || end <= now || end > latest);
    }

    /// <summary>Rows that nobody has, and those that are the caller's already.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="own">Which rows are the caller's.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> FreeOrOwn<T>(
        Expression<Func<T, DateTimeOffset?>> until, Expression<Func<T, bool>> own, DateTimeOffset now)
    {
        var free = Free(until, now);
        var mine = ReplacingExpressionVisitor.Replace(own.Parameters[0], free.Parameters[0], own.Body);
        return Expression.Lambda<Func<T, bool>>(Expression.OrElse(free.Body, mine), free.Parameters);
    }

    /// <summary>Rows that somebody has.</summary>
    /// <param name="until">The column with the end of the lease.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Held<T>(Expression<Func<T, DateTimeOffset?>> until, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(until, end => end > now && end <= latest);
    }

    /// <summary>Rows that are due, where taking one moves its due time to the end of the lease. A row without one is never due.</summary>
    /// <param name="dueAt">The column with the due time.</param>
    /// <param name="now">Now.</param>
    public Expression<Func<T, bool>> Due<T>(Expression<Func<T, DateTimeOffset?>> dueAt, DateTimeOffset now)
    {
        var latest = Latest(now);
        return Of(dueAt, at => at <= now || at > latest);
    }

    private DateTimeOffset Latest(DateTimeOffset now) => now + Length + Further + Skew;

    private static Expression<Func<T,
        bool>> Of<T>(Expression<Func<T, DateTimeOffset?>> column, Expression<Func<DateTimeOffset?, bool>> holds)
    {
        var body = ReplacingExpressionVisitor.Replace(holds.Parameters[0], column.Body, holds.Body);
        return Expression.Lambda<Func<T, bool>>(body, column.Parameters);
    }
}

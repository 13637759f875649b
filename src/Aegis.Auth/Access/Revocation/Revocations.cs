using Aegis.Kernel.Events;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Saves changes of somebody's standing so that they are true everywhere when the call returns: any request that starts afterwards, on any
/// host, meets the new standing.
/// </summary>
internal sealed class Revocations(AuthDb db, StatusCaches caches, FollowChanges self, TimeProvider clock)
{
    /// <summary>Trust plus what two clocks of one second may differ by in it.</summary>
    private static readonly TimeSpan MaxWait = CacheFreshness.MaxAge + TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a host that was waited for in vain is waited for again: longer than clocks of hosts differ.</summary>
    private static readonly TimeSpan MarkCounts = TimeSpan.FromMinutes(1);

    /// <summary>Saves the tracked changes with their announcement in one transaction, and returns when every host knows.</summary>
    /// <param name="subjects">Ids of the keys and sessions that stand differently, or <see cref="StateChange.Everybody"/>.</param>
    /// <param name="ct">Counts until the commit; after it the call goes on to its end.</param>
    public async Task Save(IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        long number;
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            number = await Announce(subjects, ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        finally
        {
            caches.Forget(subjects); // also when nobody can say whether the commit was made
        }

        await Known(number);
    }

    /// <summary>Returns when every host knows all changes made so far: for a call that finds its change made already.</summary>
    public async Task Settle(CancellationToken ct) => await Known(await db.Epoch.Select(e => e.Number).SingleOrDefaultAsync(ct));

    /// <summary>
    /// The row of the epoch is updated first and stays locked until the commit, so that epochs are committed in their order.
    /// </summary>
    private async Task<long> Announce(IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        if (await db.Epoch.ExecuteUpdateAsync(e => e.SetProperty(x => x.Number, x => x.Number + 1), ct) == 0)
            throw new InvalidOperationException("The row of the epoch is missing: this database was not migrated by this version.");
        var number = await db.Epoch.Select(e => e.Number).SingleAsync(ct);
        db.StateChanges.Add(StateChange.Of(number, subjects, clock.GetUtcNow()));
        return number;
    }

    /// <summary>Waits for the acknowledgement of every registered host, at most until each one's trust must have run out.</summary>
    private async Task Known(long number)
    {
        var since = clock.GetTimestamp();
        var marksCountFrom = clock.GetUtcNow() - MarkCounts;
        while (true)
        {
            var behind = db.Nodes.Where(n =>
                n.Id != self.NodeId && n.Acknowledged < number && (n.MarkedAt == null || n.MarkedAt > marksCountFrom));
            try
            {
                if (!await behind.AnyAsync(CancellationToken.None)) return;
                if (clock.GetElapsedTime(since) >= MaxWait)
                {
                    var now = clock.GetUtcNow();
                    await db.InTransaction(
                        () => behind.Where(n => n.MarkedAt == null).ExecuteUpdateAsync(n => n.SetProperty(x => x.MarkedAt, now)),
                        CancellationToken.None);
                    return;
                }
            }
            catch (Exception e) when (e is System.Data.Common.DbException or RetryLimitExceededException)
            {
                // The change is committed and the time alone makes it true everywhere, so a lost database only costs the wait.
                if (clock.GetElapsedTime(since) >= MaxWait) return;
            }

            await Task.Delay(Glance, clock);
        }
    }
}

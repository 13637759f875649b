using Aegis.Kernel.Events;
using Microsoft.EntityFrameworkCore.Storage;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Saves changes of state so that every request that starts after the call returns, on any host, sees the new state. Code that revokes a
/// key, a login or a signing key calls <see cref="Save"/>, which numbers the change with the <see cref="Epoch"/> and adds a
/// <see cref="StateChange"/>. <see cref="FollowChanges"/> polls on every host, removes what changed from the <see cref="StatusCaches"/>
/// and acknowledges in the host's <see cref="Node"/> row. Requests read states through a <see cref="StateReader{T}"/>, which uses the
/// cache only while <see cref="CacheFreshness"/> allows it. A host that does not answer delays a revocation by about two seconds, and by
/// then its cache is stale. A lost database makes the readers throw, never admit a revoked credential.
/// </summary>
internal sealed class Revocations(AuthDb db, StatusCaches caches, FollowChanges self, TimeProvider clock)
{
    /// <summary>The longest time a cache is used, plus the difference that two clocks may build up in that time.</summary>
    private static readonly TimeSpan MaxWait = CacheFreshness.MaxAge + TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>How long later revocations still wait for a host that did not answer: longer than the clocks of two hosts differ.</summary>
    private static readonly TimeSpan MarkLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Saves the tracked changes and their announcement in one transaction, and returns when every host knows them.</summary>
    /// <param name="subjects">Ids of the keys and sessions whose state changes, or <see cref="StateChange.Everybody"/>.</param>
    /// <param name="ct">Cancels until the commit. After the commit the call always waits for the other hosts.</param>
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
            caches.Forget(subjects); // also when the result of the commit is unknown
        }

        await WaitForHosts(number);
    }

    /// <summary>Returns when every host knows all earlier changes. For a call that finds its change already made.</summary>
    public async Task Settle(CancellationToken ct) => await WaitForHosts(await db.Epoch.Select(e => e.Number).SingleOrDefaultAsync(ct));

    /// <summary>
    /// Adds the change. The epoch row is updated first and stays locked until the commit, so epochs are committed in order.
    /// </summary>
    private async Task<long> Announce(IReadOnlyCollection<string> subjects, CancellationToken ct)
    {
        if (await db.Epoch.ExecuteUpdateAsync(e => e.SetProperty(x => x.Number, x => x.Number + 1), ct) == 0)
            throw new InvalidOperationException("The epoch row is missing. Migrate this database with this version of Aegis.");
        var number = await db.Epoch.Select(e => e.Number).SingleAsync(ct);
        db.StateChanges.Add(StateChange.Of(number, subjects, clock.GetUtcNow()));
        return number;
    }

    /// <summary>Waits until every registered host has acknowledged, at most until the cache of each must be stale.</summary>
    private async Task WaitForHosts(long number)
    {
        var since = clock.GetTimestamp();
        var oldestMark = clock.GetUtcNow() - MarkLifetime;
        while (true)
        {
            var behind = db.Nodes.Where(n =>
                n.Id != self.NodeId && n.Acknowledged < number && (n.MarkedAt == null || n.MarkedAt > oldestMark));
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
                // The change is committed and every cache becomes stale in time, so a lost database only costs the full wait.
                if (clock.GetElapsedTime(since) >= MaxWait) return;
            }

            await Task.Delay(CheckInterval, clock);
        }
    }
}

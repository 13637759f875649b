using Aegis.Kernel.Work;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Keeps this host's caches correct. It registers the host, polls ten times a second for changes of state, removes what changed from the
/// caches, and then acknowledges the change. While it cannot poll, the caches become stale and every request reads the database.
/// </summary>
internal sealed class FollowChanges(
    StatusCaches caches, CacheFreshness freshness, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FollowChanges> log)
    : Worker(clock)
{
    private readonly Func<AuthDb, string, CancellationToken, Task<Poll?>> poll = EF.CompileAsyncQuery(
        (AuthDb db, string node, CancellationToken ct) => db.Epoch
            .Select(e => new Poll(e.Number, db.Nodes.Any(n => n.Id == node && n.MarkedAt == null)))
            .SingleOrDefault());

    private long epoch;

    /// <summary>The id of this process among those that use the database.</summary>
    public string NodeId { get; } = Ids.New("nod", clock.GetUtcNow());

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(100);

    /// <summary>Polls until the host stops. The first poll ends before the server accepts requests.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Work(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(e); // until a poll succeeds, each request reads the database
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Unregisters the host. Its requests have ended, so no revocation needs to wait for it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        freshness.End();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
            await db.InTransaction(() => db.Nodes.Where(n => n.Id == NodeId).ExecuteDeleteAsync(cancellationToken), cancellationToken);
        }
        catch (Exception e)
        {
            Log.NodeStayed(log, e.GetType().Name);
        }
    }

    protected override async Task<bool> Work(CancellationToken ct)
    {
        var before = freshness.Now();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        if (await poll(db, NodeId, ct) is not { IsRegistered: true } found)
            await Register(db, ct); // the caches are fresh from the next poll on
        else if (found.Number == epoch || await CatchUp(db, found.Number, ct))
            freshness.Renew(before);
        return false;
    }

    protected override void Failed(Exception failure) => Log.ChangesNotFollowed(log, failure.GetType().Name);

    private async Task Register(AuthDb db, CancellationToken ct)
    {
        await db.InTransaction(async () =>
        {
            await db.Nodes.Where(n => n.Id == NodeId).ExecuteDeleteAsync(ct);
            epoch = await db.Epoch.Select(e => (long?)e.Number).SingleOrDefaultAsync(ct) ?? 0;
            db.Nodes.Add(Node.Register(NodeId, epoch));
            await db.SaveChangesAsync(ct);
            return 1;
        }, ct);
        caches.ForgetAll();
    }

    /// <summary>Removes the changed entries from the caches, then acknowledges. False when this host is no longer registered.</summary>
    private async Task<bool> CatchUp(AuthDb db, long newest, CancellationToken ct)
    {
        var changes = await db.StateChanges.AsNoTracking().Where(c => c.Number > epoch && c.Number <= newest).ToListAsync(ct);
        if (changes.Count == newest - epoch) caches.Forget([.. changes.SelectMany(c => c.Subjects)]);
        else caches.ForgetAll(); // some changes were deleted before this host read them

        epoch = newest;
        return await db.InTransaction(
            () => db.Nodes.Where(n => n.Id == NodeId).ExecuteUpdateAsync(n => n.SetProperty(x => x.Acknowledged, newest), ct), ct) == 1;
    }

    private sealed record Poll(long Number, bool IsRegistered);
}

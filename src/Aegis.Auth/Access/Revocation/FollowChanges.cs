using Aegis.Kernel.Work;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Keeps this host's memory true: registers, then asks ten times a second whether anybody's standing changed, forgets what did, and says
/// so. While it cannot ask, the trust runs out and every request reads the database itself.
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

    /// <summary>This process among those that use the database.</summary>
    public string NodeId { get; } = Ids.New("nod", clock.GetUtcNow());

    protected override TimeSpan Period => TimeSpan.FromMilliseconds(100);

    /// <summary>Follows until the host stops. The first round ends before the server takes requests.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Work(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(e); // until a round succeeds, each call asks the database
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Requests have ended: nobody needs to wait for this host any more.</summary>
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
            await Register(db, ct); // trusted from the next round on
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

    /// <summary>Forgets who changed, then acknowledges. False when this host is not registered any more.</summary>
    private async Task<bool> CatchUp(AuthDb db, long newest, CancellationToken ct)
    {
        var changes = await db.StateChanges.AsNoTracking().Where(c => c.Number > epoch && c.Number <= newest).ToListAsync(ct);
        if (changes.Count == newest - epoch) caches.Forget([.. changes.SelectMany(c => c.Subjects)]);
        else caches.ForgetAll(); // away for so long that changes were swept

        epoch = newest;
        return await db.InTransaction(
            () => db.Nodes.Where(n => n.Id == NodeId).ExecuteUpdateAsync(n => n.SetProperty(x => x.Acknowledged, newest), ct), ct) == 1;
    }

    private sealed record Poll(long Number, bool IsRegistered);
}

using Aegis.Kernel.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Reserves a request for one upload while its bytes arrive. The lease is short and renewed, so that the request is free again soon after
/// a process died. The revision of the request decides at the save, so that a lease that was lost during a pause cannot be used.
/// </summary>
internal sealed class FulfilmentLease : IAsyncDisposable
{
    /// <summary>How long a request stays reserved after its owner died.</summary>
    public static readonly RowLease Row = new(TimeSpan.FromSeconds(15));

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private readonly string requestId;
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource lost = new();
    private readonly Task renewing;
    private bool completed;

    /// <summary>Starts to renew a lease that is already saved.</summary>
    public FulfilmentLease(string requestId, string owner, IServiceScopeFactory scopes, TimeProvider clock, ILogger log)
    {
        (this.requestId, Owner, this.scopes, this.clock, this.log) = (requestId, owner, scopes, clock, log);
        renewing = Renew();
    }

    /// <summary>Identifies this upload among all that ever reserved the request.</summary>
    public string Owner { get; }

    /// <summary>Cancelled once another upload may have the request.</summary>
    public CancellationToken Lost => lost.Token;

    public static string NewOwner() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Records that the request is fulfilled, so there is nothing to give back.</summary>
    public void Complete() => completed = true;

    /// <summary>Stops renewing, and gives the request back unless it was fulfilled.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopRenewing();
        if (!completed && !lost.IsCancellationRequested) await GiveBack();
        stopping.Dispose();
        lost.Dispose();
    }

    /// <summary>Stops renewing, so that nothing else changes the row while the caller saves it.</summary>
    public async Task StopRenewing()
    {
        if (!stopping.IsCancellationRequested) await stopping.CancelAsync();
        await renewing;
    }

    private async Task Renew()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Renewal, clock, stopping.Token);
                if (await Extend()) continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The upload is over.
        }
    }

    /// <summary>False once the request belongs to another upload. A database error costs one renewal, not the lease.</summary>
    private async Task<bool> Extend()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(stopping.Token);
            var until = Row.Until(clock.GetUtcNow());
            var rows = await db.Requests.Where(x => x.Id == requestId && x.LeaseOwner == Owner)
                .ExecuteUpdateAsync(x => x.SetProperty(r => r.LeaseUntil, until), stopping.Token);
            await transaction.CommitAsync(stopping.Token);
            return rows == 1;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.LeaseFailed(log, requestId, e.GetType().Name);
            return true;
        }
    }

    private async Task GiveBack()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
            var request = await db.Requests.FirstOrDefaultAsync(x => x.Id == requestId && x.LeaseOwner == Owner, CancellationToken.None);
            if (request is null) return;
            request.AbandonFulfilment(Owner);
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.LeaseFailed(log, requestId, e.GetType().Name);
        }
    }
}

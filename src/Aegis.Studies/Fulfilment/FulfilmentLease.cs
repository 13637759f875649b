using System.Security.Cryptography;
using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Keeps a request for one upload while its bytes flow. It is short and renewed, so that the request is free again soon after a process
/// died; the revision of the request decides in the end, so that a lease lost to a pause cannot be used.
/// </summary>
internal sealed class FulfilmentLease(string requestId, IServiceScopeFactory scopes, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>How long a request stays taken after its holder died.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource lost = new();
    private Task renewing = Task.CompletedTask;
    private bool spent;

    /// <summary>Names this upload among all that ever held the request.</summary>
    public string Owner { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Cancelled once somebody else may have the request.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Begins to renew; the request is taken and saved.</summary>
    public void Keep() => renewing = Renew();

    /// <summary>The request is fulfilled; there is nothing to give back.</summary>
    public void Spend() => spent = true;

    /// <summary>Stops renewing, and gives the request back unless it was fulfilled.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopRenewing();
        if (!spent && !lost.IsCancellationRequested) await GiveBack();
        stopping.Dispose();
        lost.Dispose();
    }

    /// <summary>Stops renewing, so that nothing else touches the row while it is saved.</summary>
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

    /// <summary>False once the request belongs to somebody else. A database that does not answer costs a renewal, not the lease.</summary>
    private async Task<bool> Extend()
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(stopping.Token);
            var until = clock.GetUtcNow() + Length;
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

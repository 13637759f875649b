using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Fulfilment;

/// <summary>Reserves a request for one upload at a time.</summary>
internal sealed class FulfilmentLeases(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FulfilmentLease> log)
{
    private const int MaxAttempts = 5;

    /// <summary>Reserves the request, which <paramref name="db"/> tracks. Refuses if it has ended or another upload was first.</summary>
    public async Task<FulfilmentLease> Take(StudyRequest request, StudiesDb db, CancellationToken ct)
    {
        var owner = FulfilmentLease.NewOwner();
        for (var turn = 1; ; turn++)
        {
            request.BeginFulfilment(owner, FulfilmentLease.Row.Length, clock.GetUtcNow());
            try
            {
                await db.SaveChangesAsync(ct);
                return new FulfilmentLease(request.Id, owner, scopes, clock, log);
            }
            catch (DbUpdateConcurrencyException) when (turn < MaxAttempts)
            {
                await db.Entry(request).ReloadAsync(ct); // accepting the request also changes its revision, but does not forbid an upload
            }
            catch (DbUpdateConcurrencyException)
            {
                throw await RefusalOfLost(request.Id);
            }
        }
    }

    /// <summary>The refusal of an upload whose request was lost: it has ended, or belongs to another upload.</summary>
    public async Task<RefusedException> RefusalOfLost(string requestId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var now = await db.Requests.AsNoTracking().FirstOrDefaultAsync(x => x.Id == requestId, CancellationToken.None);
        return now?.RefusalOfEnded(clock.GetUtcNow()) ?? InProgress();
    }

    private static RefusedException InProgress() =>
        Refuse.Conflict("fulfilment_in_progress",
            "Another upload for this request is in progress or was faster. Read the request, and try again if it is still open.");
}

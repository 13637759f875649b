using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Fulfilment;

/// <summary>Gives out requests to uploads, each to one.</summary>
internal sealed class FulfilmentLeases(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FulfilmentLease> log)
{
    private const int MaxAttempts = 5;

    /// <summary>Takes the request, which <paramref name="db"/> tracks, or refuses when its state or somebody faster forbids it.</summary>
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
                await db.Entry(request).ReloadAsync(ct); // it may have been accepted only, which forbids nothing
            }
            catch (DbUpdateConcurrencyException)
            {
                throw await WhyLost(request.Id);
            }
        }
    }

    /// <summary>The refusal of an upload whose request has changed: it has ended, or belongs to another upload.</summary>
    public async Task<RefusedException> WhyLost(string requestId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var now = await db.Requests.AsNoTracking().FirstOrDefaultAsync(x => x.Id == requestId, CancellationToken.None);
        return now?.RefusalOfEnded(clock.GetUtcNow()) ?? SomebodyFaster();
    }

    private static RefusedException SomebodyFaster() =>
        Refuse.Conflict("fulfilment_in_progress",
            "Another upload for this request is under way or was faster. Read the request and try again if it is still open.");
}

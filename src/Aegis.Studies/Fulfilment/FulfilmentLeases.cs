using Aegis.Kernel.Refusals;
using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Fulfilment;

/// <summary>Gives out requests to uploads, each to one.</summary>
internal sealed class FulfilmentLeases(IServiceScopeFactory scopes, TimeProvider clock, ILogger<FulfilmentLease> log)
{
    /// <summary>Takes the request, which <paramref name="db"/> tracks, or refuses when its state or somebody faster forbids it.</summary>
    public async Task<FulfilmentLease> Take(StudyRequest request, StudiesDb db, CancellationToken ct)
    {
        var owner = FulfilmentLease.NewOwner();
        request.BeginFulfilment(owner, FulfilmentLease.Length, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw SomebodyFaster(); // whatever the other change was, a repeat finds out
        }

        return new FulfilmentLease(request.Id, owner, scopes, clock, log);
    }

    public static RefusedException SomebodyFaster() =>
        Refuse.Conflict("fulfilment_in_progress", "Another upload for this request is under way or was faster. Read the request and try again if it is still open.");
}

using Aegis.Kernel.Jobs;
using Aegis.Kernel.Work;

namespace Aegis.Auth.Access.Revocation;

/// <summary>Deletes state changes after an hour, and hosts that were marked more than an hour ago and did not register again.</summary>
internal sealed class SweepChangesJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public static string Name => "auth.sweep-changes";

    public static string Cron => "0 23 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var until = clock.GetUtcNow() - Kept;
        await db.Sweep(db.StateChanges.Where(c => c.At < until).OrderBy(c => c.At), ct);
        await db.Sweep(db.Nodes.Where(n => n.MarkedAt < until).OrderBy(n => n.Id), ct);
    }
}

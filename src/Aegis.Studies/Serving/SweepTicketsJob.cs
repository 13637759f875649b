using Aegis.Kernel.Jobs;
using Aegis.Kernel.Work;

namespace Aegis.Studies.Serving;

/// <summary>Deletes old tickets. Until then their URLs still answer with the reason for the refusal.</summary>
internal sealed class SweepTicketsJob(StudiesDb db, TimeProvider clock) : IRecurringJob
{
    public static string Name => "studies.sweep-tickets";

    public static string Cron => "0 37 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var old = clock.GetUtcNow() - Window.MaxLength;
        await db.Sweep(db.Tickets.Where(t => t.ExpiresAt < old).OrderBy(t => t.ExpiresAt), ct);
    }
}

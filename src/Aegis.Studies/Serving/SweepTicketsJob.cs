using Aegis.Kernel.Jobs;
using Aegis.Studies.Persistence;
using Aegis.Studies.Windows;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Studies.Serving;

/// <summary>Deletes tickets so old that nobody can expect a reason from them any more. Running twice deletes nothing more.</summary>
internal sealed class SweepTicketsJob(StudiesDb db, TimeProvider clock) : IRecurringJob
{
    public static string Name => "studies.sweep-tickets";

    public static string Cron => "0 37 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var old = clock.GetUtcNow() - Window.Longest;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Tickets.Where(t => t.ExpiresAt < old).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

using Aegis.Auth.Persistence;
using Aegis.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Sessions;

/// <summary>Deletes sessions and sightings older than 90 days. Running twice deletes nothing more.</summary>
internal sealed class SweepSessionsJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    public static string Name => "auth.sweep-sessions";

    public static string Cron => "0 47 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var old = clock.GetUtcNow() - History.Kept;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Sessions.Where(s => s.ExpiresAt < old).ExecuteDeleteAsync(ct);
        await db.RefreshFamilies.Where(f => f.ExpiresAt < old).ExecuteDeleteAsync(ct);
        await db.Sightings.Where(s => s.LastSeenAt <= old).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

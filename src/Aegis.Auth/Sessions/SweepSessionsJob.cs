using Aegis.Auth.Persistence;
using Aegis.Auth.Users;
using Aegis.Kernel.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Sessions;

/// <summary>Deletes sessions and sightings older than 90 days, browsers that are no longer known, and what counts invitations. Running twice deletes nothing more.</summary>
internal sealed class SweepSessionsJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    public static string Name => "auth.sweep-sessions";

    public static string Cron => "0 47 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var old = now - History.Kept;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Sessions.Where(s => s.ExpiresAt < old).ExecuteDeleteAsync(ct);
        await db.RefreshFamilies.Where(f => f.ExpiresAt < old).ExecuteDeleteAsync(ct);
        await db.Sightings.Where(s => s.LastSeenAt <= old).ExecuteDeleteAsync(ct);
        await db.KnownBrowsers.Where(b => b.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        var yesterday = now - SentInvitation.Counts;
        await db.SentInvitations.Where(s => s.SentAt <= yesterday).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

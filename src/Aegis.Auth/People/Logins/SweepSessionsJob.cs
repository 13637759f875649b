using Aegis.Kernel.Jobs;
using Aegis.Kernel.Work;

namespace Aegis.Auth.People.Logins;

/// <summary>
/// Deletes sessions, refresh tokens and sightings older than 90 days, expired known browsers, and the rows that count invitations.
/// </summary>
internal sealed class SweepSessionsJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    public static string Name => "auth.sweep-sessions";

    public static string Cron => "0 47 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var old = now - History.Kept;
        var yesterday = now - SentInvitation.Period;
        await db.Sweep(db.Sessions.Where(s => s.ExpiresAt < old).OrderBy(s => s.ExpiresAt), ct);
        await db.Sweep(db.RefreshFamilies.Where(f => f.ExpiresAt < old).OrderBy(f => f.ExpiresAt), ct);
        await db.Sweep(db.Sightings.Where(s => s.LastSeenAt <= old).OrderBy(s => s.LastSeenAt), ct);
        await db.Sweep(db.KnownBrowsers.Where(b => b.ExpiresAt <= now).OrderBy(b => b.ExpiresAt), ct);
        await db.Sweep(db.SentInvitations.Where(s => s.SentAt <= yesterday).OrderBy(s => s.SentAt), ct);
    }
}

using Aegis.Kernel.Jobs;
using Aegis.Kernel.Work;

namespace Aegis.Auth.People.Device;

/// <summary>Deletes device grants an hour after they expired. Until then a program that polls gets the exact reason.</summary>
internal sealed class SweepDeviceGrantsJob(AuthDb db, TimeProvider clock) : IRecurringJob
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public static string Name => "auth.sweep-device-grants";

    public static string Cron => "0 */10 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var until = clock.GetUtcNow() - Kept;
        await db.Sweep(db.DeviceGrants.Where(g => g.ExpiresAt < until).OrderBy(g => g.ExpiresAt), ct);
    }
}

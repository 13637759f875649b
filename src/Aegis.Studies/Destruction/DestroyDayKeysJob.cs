using Aegis.Kernel.Jobs;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Destruction;

/// <summary>
/// Destroys the key of a day once its last transfer is destroyed, so that backups of the database cannot bring a study back. Yesterday's
/// key stays, because a study whose upload began before midnight may still be sealed under it.
/// </summary>
internal sealed class DestroyDayKeysJob(StudiesDb db, DayKeys dayKeys, TimeProvider clock, ILogger<DestroyDayKeysJob> log) : IRecurringJob
{
    public static string Name => "studies.destroy-day-keys";

    public static string Cron => "40 7 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        foreach (var day in dayKeys.Days().Where(d => d < yesterday))
        {
            if (await db.Transfers.AnyAsync(t => t.Study.KeyDay == day && t.Status != TransferStatus.Destroyed, ct)) continue;
            dayKeys.Destroy(day);
            Log.DayKeyDestroyed(log, day);
        }
    }
}

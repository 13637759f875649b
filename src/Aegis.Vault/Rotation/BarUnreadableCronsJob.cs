using Aegis.Kernel.Jobs;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Finds credentials whose <c>rotation_cron</c> was accepted by release 0.1 and is no longer readable, and marks them as unable to rotate.
/// The expression stays as it is. A second run, or a run on another host, finds nothing more to do.
/// </summary>
internal sealed class BarUnreadableCronsJob(VaultDb db, TimeProvider clock, ILogger<BarUnreadableCronsJob> log) : IRecurringJob
{
    private const int Batch = 200;

    public static string Name => "vault.bar-unreadable-crons";

    public static string Cron => "10 4 * * * *";

    public async Task Run(CancellationToken ct)
    {
        var after = "";
        List<Planned> found;
        do
        {
            found = await db.Credentials.AsNoTracking()
                .Where(c => c.RotationCron != null && !c.CannotRotate && c.RetiredAt == null && string.Compare(c.Id, after) > 0)
                .OrderBy(c => c.Id).Take(Batch).Select(c => new Planned(c.Id, c.RotationCron!)).ToListAsync(ct);
            foreach (var one in found.Where(c => RotationCron.IsUnreadable(c.Cron))) await Bar(one.Id, ct);
            if (found.Count > 0) after = found[^1].Id;
        }
        while (found.Count == Batch);
    }

    private async Task Bar(string id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var credential = await db.Credentials.FirstAsync(c => c.Id == id, ct);
        if (credential.CannotRotate || !RotationCron.IsUnreadable(credential.RotationCron)) return;
        credential.Bar(clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            Log.TakenByAnother(log, id);
        }
    }

    private sealed record Planned(string Id, string Cron);
}

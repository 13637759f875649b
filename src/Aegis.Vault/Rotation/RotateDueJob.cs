using Aegis.Kernel.Jobs;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Begins the rotations that are due; the runner works on them. When two hosts find the same credential, only one of them begins its
/// rotation.
/// </summary>
internal sealed class RotateDueJob(VaultDb db, Rotator rotator, TimeProvider clock, ILogger<RotateDueJob> log) : IRecurringJob
{
    private const int Batch = 100;

    public static string Name => "vault.rotate-due";

    public static string Cron => "0 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var after = "";
        while (true)
        {
            var now = clock.GetUtcNow();
            var due = await db.Credentials.AsNoTracking()
                .Where(c => c.NextRotationAt <= now && c.RotationId == null && string.Compare(c.Id, after) > 0)
                .OrderBy(c => c.Id).Take(Batch).Select(c => c.Id).ToListAsync(ct);
            foreach (var id in due) await Begin(id, ct);
            if (due.Count < Batch) return;
            after = due[^1];
        }
    }

    private async Task Begin(string id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var now = clock.GetUtcNow();
        var credential = await db.Credentials.FirstAsync(c => c.Id == id, ct);
        if (credential.NextRotationAt is not { } at || at > now || credential.RotationId is not null) return;
        if (credential.RotationStrategy is RotationStrategy.Scheduled && RotationCron.IsUnreadable(credential.RotationCron))
        {
            await Report(id, Credential.RotationNotConfigured, ct);
            return;
        }

        var trigger = credential.RotationStrategy is RotationStrategy.OnExpiry ? RotationTrigger.OnExpiry : RotationTrigger.Scheduled;
        try
        {
            await rotator.Begin(credential, trigger, new RotationOrigin(By: null, Note: null), ct);
        }
        catch (RefusedException refused)
        {
            await Report(id, refused.Code, ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            Log.TakenByAnother(log, id); // another host began it, or the credential was just changed: the next run finds it again
        }
    }

    /// <summary>Reports a credential that cannot be rotated once, instead of trying it every minute.</summary>
    private async Task Report(string id, string code, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var credential = await db.Credentials.FirstAsync(c => c.Id == id, ct);
        if (code == Credential.RotationNotConfigured) credential.Bar(clock.GetUtcNow()); // registered by a release that did not check this
        else credential.FailRotation(run: null, code, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            Log.TakenByAnother(log, id);
        }
    }
}

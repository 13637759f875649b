using Aegis.Kernel.Jobs;

namespace Aegis.Vault.Health;

/// <summary>Warns owners once that a credential expires soon, and once that it has expired.</summary>
internal sealed class WarnJob(VaultDb db, TimeProvider clock, ILogger<WarnJob> log) : IRecurringJob
{
    private const int Batch = 100;

    public static string Name => "vault.warn";

    public static string Cron => "30 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        while (true)
        {
            db.ChangeTracker.Clear();
            var ended = await db.Credentials.InUse().Where(c => c.EndedAt == null && c.ExpiresAt <= now).OrderBy(c => c.ExpiresAt)
                .Take(Batch).ToListAsync(ct);
            var near = await db.Credentials.InUse()
                .Where(c => c.WarnedAt == null && c.EndedAt == null && c.AlertsAt <= now && c.ExpiresAt > now)
                .OrderBy(c => c.AlertsAt).Take(Batch).ToListAsync(ct);
            foreach (var credential in ended.Concat(near)) credential.Warn(now);
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateConcurrencyException)
            {
                Log.WarnAgain(log); // another host or a person changed one of them; the next run finds the rest
                return;
            }

            if (ended.Count < Batch && near.Count < Batch) return;
        }
    }
}

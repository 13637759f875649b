using System.Collections.Concurrent;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Counts wrong secrets of known keys in memory and stores the counts every few seconds, one row for each user, so that a guess does not
/// cause a write. A killed process loses what it had not stored; the counts only raise a risk score.
/// </summary>
internal sealed class WrongSecrets(IServiceScopeFactory scopes, TimeProvider clock, ILogger<WrongSecrets> log) : PeriodicStore(clock)
{
    private const string NoUser = ""; // an unknown id is counted too, so that it costs the same, but never stored
    private const int MaxCount = 1_000_000; // far more than raises the risk, and prevents an overflow
    private const int Batch = 200; // rows changed in one transaction, because it blocks every other writer

    private ConcurrentDictionary<string, int> unsaved = new(StringComparer.Ordinal);

    protected override TimeSpan Period => TimeSpan.FromSeconds(5);

    /// <param name="userId">The user of the key, or null when no key has the id.</param>
    public void Count(string? userId) => unsaved.AddOrUpdate(userId ?? NoUser, 1, static (_, count) => Math.Min(count + 1, MaxCount));

    /// <summary>Stores the counts since the last call.</summary>
    public override async Task Store(CancellationToken ct)
    {
        var counted = Interlocked.Exchange(ref unsaved, new ConcurrentDictionary<string, int>(StringComparer.Ordinal));
        foreach (var batch in counted.Where(c => c.Key != NoUser).Chunk(Batch))
        {
            try
            {
                await Store(batch, ct);
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation())
            {
                await Store(batch, ct); // another host created one of the rows first
            }
        }
    }

    protected override void Failed(Exception failure) => Log.WrongSecretsNotStored(log, failure.GetType().Name);

    private async Task Store(KeyValuePair<string, int>[] batch, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuthDb>();
        var now = Clock.GetUtcNow();
        var old = now - WrongSecret.Counts;
        await db.InTransaction(async () =>
        {
            foreach (var (userId, count) in batch)
            {
                var changed = await db.WrongSecrets.Where(w => w.UserId == userId).ExecuteUpdateAsync(
                    w => w.SetProperty(x => x.Count, x => x.LastAt <= old ? count : x.Count > MaxCount ? x.Count : x.Count + count)
                        .SetProperty(x => x.LastAt, now), ct);
                if (changed == 0) db.WrongSecrets.Add(WrongSecret.First(userId, count, now));
            }

            return await db.SaveChangesAsync(ct);
        }, ct);
    }
}

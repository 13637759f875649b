using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Jobs;

namespace Aegis.Vault.Usage;

/// <summary>
/// Joins the rows of past minutes into one for each credential and minute, and adds rows older than a week to the credential's total.
/// </summary>
internal sealed class JoinUsesJob(VaultDb db, TimeProvider clock) : IRecurringJob
{
    private const int Batch = 500; // rows of one transaction, because it blocks every other writer
    // A host adds no rows to a minute that ended this long ago, unless its clock is wrong. Then one more row stays.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    public static string Name => "vault.join-uses";

    public static string Cron => "20 0/5 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (fresh, joined) = (false, true); // as parameters: SQLite uses an index for a comparison, but not for NOT IsJoined
        while (await Move(u => u.IsJoined == fresh && u.Minute < now - Settled, Join, ct)) { }
        while (await Move(u => u.IsJoined == joined && u.Minute < now - CredentialUsage.Week - Settled, AddToTotals, ct)) { }
    }

    /// <summary>Deletes rows and adds their sums in one transaction. It is rolled back when another host took one of the rows.</summary>
    /// <returns>True when more may be left.</returns>
    private async Task<bool> Move(
        System.Linq.Expressions.Expression<Func<CredentialUse, bool>> which, Func<List<CredentialUse>, CancellationToken, Task> put,
        CancellationToken ct)
    {
        var rows = await db.Uses.AsNoTracking().Where(which).OrderBy(u => u.Minute).ThenBy(u => u.Id).Take(Batch).ToListAsync(ct);
        if (rows.Count == 0) return false;

        var ids = rows.ConvertAll(r => r.Id);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var taken = await db.Uses.Where(u => ids.Contains(u.Id)).ExecuteDeleteAsync(ct);
        if (taken != rows.Count) return false; // the other host continues with them
        await put(rows, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        db.ChangeTracker.Clear();
        return rows.Count == Batch;
    }

    private Task Join(List<CredentialUse> rows, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        db.Uses.AddRange(rows.GroupBy(r => (r.CredentialId, r.Minute)).Select(g => new CredentialUse
        {
            Id = Ids.New("use", now),
            CredentialId = g.Key.CredentialId,
            Minute = g.Key.Minute,
            LastAt = g.Max(u => u.LastAt),
            Uses = g.Sum(u => u.Uses),
            IsJoined = true,
        }));
        return Task.CompletedTask;
    }

    private async Task AddToTotals(List<CredentialUse> rows, CancellationToken ct)
    {
        foreach (var uses in rows.GroupBy(r => r.CredentialId, StringComparer.Ordinal))
        {
            var (sum, last) = (uses.Sum(u => u.Uses), uses.Max(u => u.LastAt));
            var counted = await db.UseTotals.Where(t => t.CredentialId == uses.Key)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Uses, x => x.Uses + sum).SetProperty(x => x.LastAt, last), ct);
            if (counted == 0) db.UseTotals.Add(new CredentialUseTotal { CredentialId = uses.Key, Uses = sum, LastAt = last });
        }
    }
}

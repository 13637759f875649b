using Aegis.Kernel.Jobs;

namespace Aegis.Vault.Restoring;

/// <summary>
/// Destroys the sealed values of credentials that can no longer be restored. Names and keyed digests stay, so that a name is not used again
/// and a leaked value is still recognized.
/// </summary>
internal sealed class DestroyRetiredJob(VaultDb db, VaultOptions options, TimeProvider clock, ILogger<DestroyRetiredJob> log)
    : IRecurringJob
{
    private const int Batch = 100;

    public static string Name => "vault.destroy-retired";

    public static string Cron => "40 0/15 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var (after, retired) = ("", true);
        while (true)
        {
            var end = clock.GetUtcNow() - options.RestoreTime;

            // A rotation just before the retirement may still have to revoke its old value at the provider, which needs that value.
            var due = await db.Credentials.AsNoTracking()
                .Where(c => c.IsRetired == retired && c.ValuesDestroyedAt == null && c.RetiredAt <= end && string.Compare(c.Id, after) > 0)
                .Where(c => !db.Rotations.Any(r => r.CredentialId == c.Id && r.State == RotationState.Ending))
                .OrderBy(c => c.Id).Take(Batch).Select(c => c.Id).ToListAsync(ct);
            foreach (var id in due) await Destroy(id, ct);
            if (due.Count < Batch) return;
            after = due[^1];
        }
    }

    private async Task Destroy(string id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var credential = await db.Credentials.FirstAsync(c => c.Id == id, ct);
        var now = clock.GetUtcNow();
        if (!credential.IsRetired || credential.ValuesDestroyedAt is not null || credential.RetiredAt > now - options.RestoreTime) return;
        credential.NoteValuesDestroyed(now);
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.SaveChangesAsync(ct); // first, because this save fails if the credential was restored in between
            await db.Versions.Where(v => v.CredentialId == id)
                .ExecuteUpdateAsync(v => v.SetProperty(x => x.SealedValue, (byte[]?)null).SetProperty(x => x.KekId, (string?)null), ct);
            await db.Rotations.Where(r => r.CredentialId == id && r.SealedCandidate != null)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.SealedCandidate, (byte[]?)null), ct);
            await db.KeptCopies.Where(c => c.CredentialId == id).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            Log.ValuesDestroyed(log, id);
        }
        catch (DbUpdateConcurrencyException)
        {
            Log.TakenByAnother(log, id); // restored, or already done by another host
        }
    }
}

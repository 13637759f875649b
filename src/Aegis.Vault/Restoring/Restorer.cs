namespace Aegis.Vault.Restoring;

/// <summary>Restores retired credentials.</summary>
internal sealed class Restorer(VaultDb db, Versions versions, CredentialSeal seal, VaultOptions options, TimeProvider clock)
{
    /// <summary>Restores the credential with the value that was in use, or with a new one, and saves.</summary>
    public async Task Restore(Credential credential, string? value, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        credential.Restore(options.RestoreTime, now);
        await RequireNotLeaked(credential, value, ct);
        if (value is not null)
        {
            var reason = credential.LastVersion == 0 ? VersionReason.Initial : VersionReason.Manual;
            versions.Append(credential, credential.TakeValue(now), new HeldValue(value), reason, note: null, now);
        }

        foreach (var copy in await db.KeptCopies.Where(c => c.CredentialId == credential.Id).ToListAsync(ct))
        {
            copy.End(credential);
            db.KeptCopies.Remove(copy);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        await db.Count(credential.OrganizationId, +1, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Refuses a value that was reported as leaked, so that it is not used again by mistake.</summary>
    private async Task RequireNotLeaked(Credential credential, string? value, CancellationToken ct)
    {
        var fingerprint = value is not null
            ? seal.Fingerprint(credential.OrganizationId, value)
            : (await versions.Find(credential.Id, credential.CurrentVersion, ct))?.Fingerprint;
        if (fingerprint is null || !await versions.IsLeaked(credential.OrganizationId, fingerprint, ct)) return;
        throw Refuse.Conflict("value_leaked", "This value was reported as leaked. Send another value to restore the credential.");
    }
}

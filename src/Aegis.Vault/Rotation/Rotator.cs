using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Rotation;

/// <summary>Begins rotations and rollbacks, and saves them before anything happens at a provider.</summary>
internal sealed class Rotator(
    VaultDb db, ProviderCatalogue providers, Versions versions, CredentialSeal seal, VaultOptions options, TimeProvider clock)
{
    /// <summary>Begins a rotation, or continues the one that needed attention.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> Begin(Credential credential, RotationTrigger trigger, RotationOrigin origin, CancellationToken ct)
    {
        credential.RequireInUse();
        var now = clock.GetUtcNow();
        if (trigger is RotationTrigger.Emergency) await versions.NoteLeaked(credential, now, ct);
        if (credential.NeedsAttention && await Stopped(credential, ct) is { NewVersion: null, RollbackTo: null } stopped)
        {
            credential.ResumeRotation(now);
            stopped.Resume(trigger, origin, now);
            await db.SaveChangesAsync(ct);
            return stopped.Id;
        }

        RequireRotatable(credential);
        await GiveUp(credential, ct);
        var run = RotationRun.Begin(Ids.New("rot", now), Of(credential), trigger, origin, now);
        credential.BeginRotation(run.Id, trigger, now);
        db.Rotations.Add(run);
        await db.SaveChangesAsync(ct);
        return run.Id;
    }

    /// <summary>Begins a rollback to an older version.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> BeginRollback(Credential credential, int version, RotationOrigin origin, CancellationToken ct)
    {
        credential.RequireInUse();
        var now = clock.GetUtcNow();
        credential.RequireNoRotation();
        if (version == credential.CurrentVersion) throw Refuse.Conflict("version_is_current", $"Version {version} is the one in use.");
        if (!await db.Versions.AnyAsync(v => v.CredentialId == credential.Id && v.Version == version, ct))
            throw new RefusedException(404, "version_not_found", $"There is no version {version} of this credential.");

        await PostponeEndings(credential, now, ct);
        await GiveUp(credential, ct);
        var run = RotationRun.BeginRollback(Ids.New("rot", now), Of(credential), version, origin, now);
        credential.BeginRotation(run.Id, RotationTrigger.Manual, now);
        db.Rotations.Add(run);
        await db.SaveChangesAsync(ct);
        return run.Id;
    }

    /// <summary>
    /// Ends a rotation that needed attention, because the credential gets another value or is retired. The caller saves. The candidate may
    /// be the only value that the target accepts, so it stays as a version that can be rolled back to.
    /// </summary>
    public async Task GiveUp(Credential credential, CancellationToken ct)
    {
        if (!credential.NeedsAttention || await Stopped(credential, ct) is not { NewVersion: null } stopped) return;
        var now = clock.GetUtcNow();
        if (seal.OpenCandidate(stopped) is { } candidate)
            versions.Append(credential, credential.KeepVersion(), candidate, VersionReason.Rotation,
                "From a rotation that was given up.", now);
        stopped.Abandon("given_up", "The rotation was given up because the credential was changed in another way.", now);
    }

    /// <summary>
    /// Postpones the revocation of the old value while a rollback makes it current again. If a host is revoking it right now, the call is
    /// refused. A host that claims it later fails in its save, because the row changed.
    /// </summary>
    private async Task PostponeEndings(Credential credential, DateTimeOffset now, CancellationToken ct)
    {
        var endings = await db.Rotations.Where(r => r.CredentialId == credential.Id && r.State == RotationState.Ending).ToListAsync(ct);
        if (endings.Find(r => r.IsLeased(now, options.RotationLease)) is { } busy) throw RotationRun.UnderWay(busy.Id);
        foreach (var ending in endings) ending.Postpone(now);
    }

    private void RequireRotatable(Credential credential)
    {
        if (providers.Of(credential.Provider).WhyNotRotate(ProviderConfigs.Open(credential)) is { } why)
            throw Refuse.Conflict(Credential.RotationNotConfigured, why).With("credential", credential.Name);
    }

    private Task<RotationRun?> Stopped(Credential credential, CancellationToken ct) => db.Rotations
        .Where(r => r.CredentialId == credential.Id && r.State == RotationState.NeedsAttention)
        .OrderByDescending(r => r.Id).FirstOrDefaultAsync(ct);

    private static RotatedCredential Of(Credential c) => new(c.Id, c.OrganizationId, c.Provider, c.CurrentVersion);
}

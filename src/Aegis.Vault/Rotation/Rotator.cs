using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Rotation;

/// <summary>Writes down that a credential is to be rotated or rolled back. Nothing happens at a provider before that is stored.</summary>
internal sealed class Rotator(
    VaultDb db, ProviderCatalogue providers, Versions versions, CredentialSeal seal, VaultOptions options, TimeProvider clock)
{
    /// <summary>Begins a rotation, or takes up again the one that needed attention.</summary>
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

    /// <summary>Begins to go back to an older version.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> BeginRollback(Credential credential, int version, RotationOrigin origin, CancellationToken ct)
    {
        credential.RequireInUse();
        var now = clock.GetUtcNow();
        credential.RequireNoRotation();
        if (version == credential.CurrentVersion) throw Refuse.Conflict("version_is_current", $"Version {version} is the one in use.");
        if (!await db.Versions.AnyAsync(v => v.CredentialId == credential.Id && v.Version == version, ct))
            throw new RefusedException(404, "version_not_found", $"There is no version {version} of this credential.");

        await HoldEndings(credential, now, ct);
        await GiveUp(credential, ct);
        var run = RotationRun.BeginRollback(Ids.New("rot", now), Of(credential), version, origin, now);
        credential.BeginRotation(run.Id, RotationTrigger.Manual, now);
        db.Rotations.Add(run);
        await db.SaveChangesAsync(ct);
        return run.Id;
    }

    /// <summary>
    /// Ends a rotation that needed attention, because something else is done instead; the caller saves. Its candidate may be the only value
    /// that the target accepts, so it stays as a version that can be gone back to.
    /// </summary>
    public async Task GiveUp(Credential credential, CancellationToken ct)
    {
        if (!credential.NeedsAttention || await Stopped(credential, ct) is not { NewVersion: null } stopped) return;
        var now = clock.GetUtcNow();
        if (seal.OpenCandidate(stopped) is { } candidate)
            versions.Append(credential, credential.KeepVersion(), candidate, VersionReason.Rotation,
                "Of a rotation that was given up.", now);
        stopped.Abandon("given_up", "Something else was done instead.", now);
    }

    /// <summary>
    /// Keeps the old value from being ended while it is put to use again. A host that is ending it now goes first; one that claims it later
    /// finds its row changed.
    /// </summary>
    private async Task HoldEndings(Credential credential, DateTimeOffset now, CancellationToken ct)
    {
        var endings = await db.Rotations.Where(r => r.CredentialId == credential.Id && r.State == RotationState.Ending).ToListAsync(ct);
        if (endings.Find(r => r.IsLeased(now, options.RotationLease)) is { } busy) throw RotationRun.UnderWay(busy.Id);
        foreach (var ending in endings) ending.PutOff(now);
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

using Aegis.Kernel.Work;

namespace Aegis.Vault.Rotation;

/// <summary>The last steps of a rotation: the new value becomes current, and the old one is revoked.</summary>
internal sealed class RotationEndings(VaultDb db, Targets targets, Versions versions, TimeProvider clock)
{
    /// <summary>Makes the new value, or the old one of a rollback, current. The caller saves.</summary>
    public async Task Finish(StepWork work, CancellationToken ct)
    {
        var (run, credential) = (work.Run, work.Credential);
        var now = clock.GetUtcNow();
        var keepsOld = work.Provider.KeepsOldValue(work.Target.Config);
        var previous = await versions.Find(credential.Id, run.FromVersion, ct);
        if (previous is not null && !keepsOld && !run.IsUnproven) previous.EndedAt = now;
        if (run.RollbackTo is { } target)
        {
            var version = await versions.Find(credential.Id, target, ct);
            version!.Reason = VersionReason.Rollback;
            version.EndedAt = null;
            credential.RollBack(run, target, now);
            run.Finish(target, keepsOld && previous is not null ? now + Overlap(work) : null, now);
            return;
        }

        var lifetime = previous is not null && credential.ExpiresAt is { } end && end > previous.CreatedAt
            ? end - previous.CreatedAt
            : (TimeSpan?)null;
        var made = credential.FinishRotation(run, work.Candidate!.ExpiresAt, lifetime, now);
        versions.Append(credential, made, work.Candidate, VersionReason.Rotation, run.Note, now);
        run.Finish(made, keepsOld && previous is not null ? now + Overlap(work) : null, now);
    }

    /// <summary>Revokes the value that was in use before. The caller saves.</summary>
    public async Task EndOld(StepWork work, CancellationToken ct)
    {
        var (run, credential) = (work.Run, work.Credential);
        var old = await versions.Find(credential.Id, run.FromVersion, ct);
        var held = old is { EndedAt: null } && old.Version != credential.CurrentVersion ? versions.Open(old) : null;
        if (held is not null && held.Value != work.Current!.Value) // the same value may have been set again by hand
        {
            await RotationSteps.Revoke(work, held, ct);
            old!.EndedAt = clock.GetUtcNow();
            credential.OldValueEnded(run, old.Version);
        }

        run.Close();
    }

    /// <summary>
    /// Revokes an old value that is still waiting for its end before a new one is made: providers keep at most two values. The caller
    /// saves.
    /// </summary>
    /// <returns>False while another host is revoking one: its calls to the provider must not hit the new value.</returns>
    public async Task<bool> EndEarlier(RotationRun run, Credential credential, RowLease lease, CancellationToken ct)
    {
        var earlier = await db.Rotations
            .Where(r => r.CredentialId == credential.Id && r.Id != run.Id && r.NewVersion != null
                && (r.State == RotationState.Ending || r.State == RotationState.NeedsAttention))
            .OrderBy(r => r.Id).ToListAsync(ct);
        if (earlier.Exists(r => r.IsLeased(clock.GetUtcNow(), lease))) return false;
        foreach (var ending in earlier)
            await EndOld(await targets.Prepare(ending, credential, ct), ct);
        return true;
    }

    private static TimeSpan Overlap(StepWork work) =>
        work.Run.Trigger is RotationTrigger.Emergency ? TimeSpan.Zero : TimeSpan.FromMinutes(work.Credential.RotationOverlapMinutes);
}

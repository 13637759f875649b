namespace Aegis.Vault.Rotation;

/// <summary>The input of one step: the rotation, its credential and the plaintext values.</summary>
/// <param name="Run">The rotation, claimed by this host.</param>
/// <param name="Credential">Its credential.</param>
/// <param name="Provider">The provider of the credential.</param>
/// <param name="Target">The account or system at the provider.</param>
/// <param name="Current">The value in use, or null when there is none.</param>
/// <param name="Candidate">The new value, or null before it is made.</param>
internal sealed record StepWork(
    RotationRun Run, Credential Credential, Provider Provider, Target Target, HeldValue? Current, HeldValue? Candidate)
{
    /// <summary>True when an earlier try of this step may have done its work without saving that.</summary>
    public bool MayHaveHappened => Run.Tries > 1;

    public override string ToString() => $"{Run.Id} ***";
}

/// <summary>
/// Runs the steps of a rotation at the provider and moves the rotation on; the caller saves after each. When it is unclear which value is
/// in force, both are tested and the one that works decides (two-way reconcile).
/// </summary>
internal sealed class RotationSteps(CredentialSeal seal, TimeProvider clock)
{
    /// <summary>Makes a new value. One that an earlier try made but never saved is removed first.</summary>
    public async Task Create(StepWork work, CancellationToken ct)
    {
        if (work.MayHaveHappened) await work.Provider.RemoveOrphans(work.Target, work.Run.Id, keep: null, ct);
        RotationPoints.Reached("create.before");
        var made = await work.Provider.Create(work.Target, new Order(work.Run.Id, work.Run.Attempt, work.Current), ct);
        RotationPoints.Reached("create.after");
        work.Run.Propose(seal.SealCandidate(work.Run, made.Value), made);
    }

    /// <summary>Sets the new value at the target, unless it is in force already.</summary>
    public static async Task Set(StepWork work, CancellationToken ct)
    {
        // When the value to go back to was replaced, its refresh token was used up. A rollback would lose the value in use as well.
        if (work.Run.IsRollback && work.Provider.UsesUpCurrent(work.Target.Config))
            throw new RollbackRefusedException(
                new ProviderException(ProviderFault.Rejected, ProviderCode.ValueUsedUp,
                    "This value cannot be restored: making the later value used it up."));

        // A value without a target is in force as soon as it is current.
        if (!work.Provider.IsConfigured(work.Target.Config) || await IsInForce(work, ct))
        {
            work.Run.GoTo(RotationStep.Finish);
            return;
        }

        RotationPoints.Reached("set.before");
        try
        {
            await work.Provider.Set(work.Target, work.Candidate!, work.Current, ct);
        }
        catch (ProviderException rejected) when (rejected.Fault is ProviderFault.Rejected)
        {
            await AdoptOrReplace(work, rejected, ct);
            return;
        }

        RotationPoints.Reached("set.after");
        work.Run.ConfirmSet();
    }

    /// <summary>Tests the new value.</summary>
    public async Task Test(StepWork work, CancellationToken ct)
    {
        RotationPoints.Reached("test.before");
        // When the old value is used up, the new one is kept whatever a test says, and it must be stored without delay.
        if (!work.Provider.CanTest(work.Target.Config) || work.Provider.UsesUpCurrent(work.Target.Config))
        {
            work.Run.GoTo(RotationStep.Finish);
            return;
        }

        var tested = await work.Provider.Test(work.Target, work.Candidate!, ct);
        RotationPoints.Reached("test.after");
        switch (tested.Verdict)
        {
            case Verdict.Works:
                if (work.Credential.ExpiresAt is null || work.Credential.ExpiresAt >= tested.ExpiresAt) work.Run.NoteEnd(tested.ExpiresAt);
                work.Run.GoTo(RotationStep.Finish);
                break;
            case Verdict.Refused when !work.MayHaveHappened:
                // Some targets need a moment before they accept a new value.
                throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
            case Verdict.Refused:
                await AdoptOrReplace(work, new ProviderException(ProviderFault.Rejected, tested.Code!, tested.Message!), ct);
                break;
            default:
                if (await RefusesOld(work, tested, ct)) work.Run.NoteOldRefused(tested, clock.GetUtcNow());
                else throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
                break;
        }
    }

    /// <summary>Revokes the old value at the provider, and removes values that never came into use.</summary>
    public static async Task Revoke(StepWork work, HeldValue old, CancellationToken ct)
    {
        RotationPoints.Reached("revoke.before");
        await work.Provider.Revoke(work.Target, old, work.Current!, ct);
        await work.Provider.RemoveOrphans(work.Target, work.Run.Id, work.Current!.Handle, ct);
        RotationPoints.Reached("revoke.after");
    }

    /// <summary>
    /// Whether the target already accepts the new value. It is tested when an earlier try may have set it, and always for a rollback,
    /// because the old value may never have been revoked.
    /// </summary>
    private static async Task<bool> IsInForce(StepWork work, CancellationToken ct)
    {
        if (!(work.MayHaveHappened || work.Run.IsRollback) || !CanAsk(work)) return false;
        var candidate = await work.Provider.Test(work.Target, work.Candidate!, ct);
        if (candidate.Verdict is Verdict.Unknown)
            throw new ProviderException(ProviderFault.Unreachable, candidate.Code!, candidate.Message!);
        return candidate.Verdict is Verdict.Works;
    }

    /// <summary>
    /// Whether a target refuses the old value after it accepted the new one and has no free connection to test it. With a limit of one
    /// connection, which the application uses, nothing more can be known; otherwise the vault would keep giving out a value that no longer
    /// logs in.
    /// </summary>
    private static async Task<bool> RefusesOld(StepWork work, Tested candidate, CancellationToken ct)
    {
        if (candidate.Code != ProviderCode.TargetBusy || !work.Run.IsSetConfirmed || work.Current is null) return false;
        if (!work.Provider.EndsOldBySetting(work.Target.Config)) return false;
        var old = await work.Provider.Test(work.Target, work.Current, ct);
        return old is { Verdict: Verdict.Refused, Code: ProviderCode.LoginRefused };
    }

    /// <summary>True when a test shows which value is in force.</summary>
    private static bool CanAsk(StepWork work) => work.Provider.TellsValuesApart && work.Provider.CanTest(work.Target.Config);

    /// <summary>Handles a rejected value: when a test shows that it works anyway, it is adopted; otherwise a new one is made.</summary>
    private static async Task AdoptOrReplace(StepWork work, ProviderException rejected, CancellationToken ct)
    {
        if (CanAsk(work))
        {
            var candidate = await work.Provider.Test(work.Target, work.Candidate!, ct);
            if (candidate.Verdict is Verdict.Works)
            {
                work.Run.GoTo(RotationStep.Finish);
                return;
            }
        }

        if (work.Run.IsRollback) throw new RollbackRefusedException(rejected);
        if (work.Run.Attempt >= RotationRun.MaxNewValues)
            throw new ProviderException(ProviderFault.Misconfigured, rejected.Code, rejected.Message, rejected);
        work.Run.TakeFreshValue();
    }
}

/// <summary>The target does not accept the old value, so the rollback ends without a change.</summary>
internal sealed class RollbackRefusedException(ProviderException why) : Exception(why.Message, why)
{
    public string Code { get; } = why.Code;
}

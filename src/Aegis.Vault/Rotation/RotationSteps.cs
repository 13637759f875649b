namespace Aegis.Vault.Rotation;

/// <summary>What one step has to work with: the rotation, its credential and its values in clear.</summary>
/// <param name="Run">The rotation, claimed by this host.</param>
/// <param name="Credential">Its credential.</param>
/// <param name="Provider">Who does it.</param>
/// <param name="Target">Where it is done.</param>
/// <param name="Current">The value in use, or null when there is none.</param>
/// <param name="Candidate">The new value, or null before it is made.</param>
internal sealed record StepWork(
    RotationRun Run, Credential Credential, Provider Provider, Target Target, HeldValue? Current, HeldValue? Candidate)
{
    /// <summary>True when this step may have been done before by someone who could not write it down.</summary>
    public bool MayHaveHappened => Run.Tries > 1;

    public override string ToString() => $"{Run.Id} ***";
}

/// <summary>
/// Does the steps of a rotation at the provider and moves the rotation on; the caller saves after each. In doubt both values are tried and
/// the one that works decides (two-way reconcile).
/// </summary>
internal sealed class RotationSteps(CredentialSeal seal, TimeProvider clock)
{
    /// <summary>Makes a new value. One that was made before and never written down is removed first.</summary>
    public async Task Create(StepWork work, CancellationToken ct)
    {
        if (work.MayHaveHappened) await work.Provider.RemoveOrphans(work.Target, work.Run.Id, keep: null, ct);
        RotationPoints.Reached("create.before");
        var made = await work.Provider.Create(work.Target, new Order(work.Run.Id, work.Run.Attempt, work.Current), ct);
        RotationPoints.Reached("create.after");
        work.Run.Propose(seal.SealCandidate(work.Run, made.Value), made);
    }

    /// <summary>Makes the target accept the new value, unless it already does.</summary>
    public static async Task Set(StepWork work, CancellationToken ct)
    {
        // The value that was followed by this one took its refresh token with it: going back would lose what is in use now as well.
        if (work.Run.IsRollback && work.Provider.UsesUpCurrent(work.Target.Config))
            throw new RollbackRefusedException(
                new ProviderException(ProviderFault.Rejected, ProviderCode.ValueUsedUp,
                    "A later value took the place of this one for good, so there is no way back to it."));

        // A value that lives in the vault alone is in force as soon as it is current.
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
            await Replace(work, rejected, ct);
            return;
        }

        RotationPoints.Reached("set.after");
        work.Run.ConfirmSet();
    }

    /// <summary>Tries the new value.</summary>
    public async Task Test(StepWork work, CancellationToken ct)
    {
        RotationPoints.Reached("test.before");
        // With the old value gone already the new one is kept whatever a test says: nothing may stand between it and its being stored.
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
                // some targets need a moment to know a new value
                throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
            case Verdict.Refused:
                await Replace(work, new ProviderException(ProviderFault.Rejected, tested.Code!, tested.Message!), ct);
                break;
            default:
                if (await RefusesOld(work, tested, ct)) work.Run.NoteOldRefused(tested, clock.GetUtcNow());
                else throw new ProviderException(ProviderFault.Unreachable, tested.Code!, tested.Message!);
                break;
        }
    }

    /// <summary>Ends the old value at the provider, and what nobody adopted.</summary>
    public static async Task Revoke(StepWork work, HeldValue old, CancellationToken ct)
    {
        RotationPoints.Reached("revoke.before");
        await work.Provider.Revoke(work.Target, old, work.Current!, ct);
        await work.Provider.RemoveOrphans(work.Target, work.Run.Id, work.Current!.Handle, ct);
        RotationPoints.Reached("revoke.after");
    }

    /// <summary>
    /// Whether the target lets the new value in already. It is asked when the step may have happened, and always for a rollback, where
    /// the old value may never have been ended.
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
    /// Whether a target that took the new value and has no room to try it refuses the old one: with a limit of one connection, which the
    /// application holds, that is all that can be known, and the vault would go on giving out a value that no longer logs in.
    /// </summary>
    private static async Task<bool> RefusesOld(StepWork work, Tested candidate, CancellationToken ct)
    {
        if (candidate.Code != ProviderCode.TargetBusy || !work.Run.IsSetConfirmed || work.Current is null) return false;
        if (!work.Provider.EndsOldBySetting(work.Target.Config)) return false;
        var old = await work.Provider.Test(work.Target, work.Current, ct);
        return old is { Verdict: Verdict.Refused, Code: ProviderCode.LoginRefused };
    }

    /// <summary>True when the target tells of a value whether it is the one that is let in.</summary>
    private static bool CanAsk(StepWork work) => work.Provider.TellsValuesApart && work.Provider.CanTest(work.Target.Config);

    /// <summary>The target rejected the new value: if it works all the same it is adopted, else a fresh one is made.</summary>
    private static async Task Replace(StepWork work, ProviderException rejected, CancellationToken ct)
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
        if (work.Run.Attempt >= RotationRun.MaxAttempts)
            throw new ProviderException(ProviderFault.Misconfigured, rejected.Code, rejected.Message, rejected);
        work.Run.TakeFreshValue();
    }
}

/// <summary>The target does not take the old value back, so the rollback ends without a change.</summary>
internal sealed class RollbackRefusedException(ProviderException why) : Exception(why.Message, why)
{
    public string Code { get; } = why.Code;
}

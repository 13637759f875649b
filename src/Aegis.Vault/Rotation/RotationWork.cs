using Aegis.Kernel.Json;

namespace Aegis.Vault.Rotation;

/// <summary>
/// Works on one rotation, step by step. Each step runs under a lease and is saved before the next, so any host can continue where another
/// one stopped.
/// </summary>
internal sealed class RotationWork(
    VaultDb db, Targets targets, RotationSteps steps, RotationEndings endings, VaultOptions options, TimeProvider clock,
    ILogger<RotationWork> log)
{
    /// <summary>Runs the steps that are due now.</summary>
    public async Task Advance(string rotationId, CancellationToken ct)
    {
        while (await Step(rotationId, ct)) db.ChangeTracker.Clear();
    }

    /// <returns>True when the next step can run at once.</returns>
    private async Task<bool> Step(string rotationId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var run = await db.Rotations.FirstAsync(r => r.Id == rotationId, ct);
        if (!run.IsDue(now, options.RotationLease)) return false;
        run.Claim(options.RotationLease.Until(now));
        if (!await Save(ct)) return false; // another host was first

        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(options.ProviderPatience);
            await RunStep(run, patience.Token);
            return run.State is RotationState.Running or RotationState.Ending;
        }
        catch (DbUpdateConcurrencyException)
        {
            // The credential was changed during the step. The next try finds out what was done at the provider.
            return await ReleaseAfterConflict(rotationId, ct);
        }
        catch (Exception e) when (e is not DbUpdateException && !ct.IsCancellationRequested)
        {
            if (e is not (ProviderException or OperationCanceledException or CryptographicException or RollbackRefusedException))
                Log.RotationBroke(log, rotationId, e.GetType().Name, e);
            await Fail(rotationId, e, ct);
            return false;
        }
    }

    private async Task RunStep(RotationRun run, CancellationToken ct)
    {
        var credential = await db.Credentials.FirstAsync(c => c.Id == run.CredentialId, ct);
        var work = await targets.Prepare(run, credential, ct);
        switch (run.Step)
        {
            case RotationStep.Create:
                if (await endings.EndEarlier(run, credential, options.RotationLease, ct)) await steps.Create(work, ct);
                else run.Postpone(clock.GetUtcNow());
                break;
            case RotationStep.Set:
                await RotationSteps.Set(work, ct);
                break;
            case RotationStep.Test:
                await steps.Test(work, ct);
                break;
            case RotationStep.Finish:
                RotationPoints.Reached("finish.before");
                await endings.Finish(work, ct);
                break;
            case RotationStep.Revoke when credential is { RotationId: not null, NeedsAttention: false }:
                run.Postpone(clock.GetUtcNow()); // a rollback may be about to make the old value current again
                break;
            case RotationStep.Revoke:
                await endings.EndOld(work, ct);
                break;
        }

        run.Release();
        await db.SaveChangesAsync(ct);
        RotationPoints.Reached($"{run.Step.WireName()}.saved");
    }

    private async Task Fail(string rotationId, Exception e, CancellationToken ct)
    {
        db.ChangeTracker.Clear(); // nothing that the step began may be saved
        var now = clock.GetUtcNow();
        var run = await db.Rotations.FirstAsync(r => r.Id == rotationId, ct);
        var credential = await db.Credentials.FirstAsync(c => c.Id == run.CredentialId, ct);
        if (e is RollbackRefusedException refused)
        {
            run.Abandon(refused.Code, refused.Message, now);
            credential.AbandonRotation(now);
        }
        else
        {
            var failure = Explain(e);
            run.Fail(failure, Random(), now);
            // A newer rotation revokes the old value itself before it makes a new one.
            var another = credential.RotationId is { } id && id != run.Id && !credential.NeedsAttention;
            if (run.State is RotationState.NeedsAttention && !another) credential.FailRotation(run, failure.Code, now);
            Log.RotationStepFailed(log, run.Id, run.Step, failure.Code, run.Failures);
        }

        // When the save fails, the rotation is retried once its lease ends.
        if (!await Save(ct)) Log.RotationStepFailed(log, rotationId, run.Step, "concurrent_change", run.Failures);
    }

    private static ProviderException Explain(Exception e) => e switch
    {
        ProviderException provider => provider,
        CryptographicException =>
            new ProviderException(ProviderFault.Misconfigured, "value_unreadable",
                "A stored value or configuration cannot be decrypted: it was changed, or its key is missing.", e),
        OperationCanceledException =>
            new ProviderException(ProviderFault.InDoubt, "provider_timeout", "The provider did not answer in time.", e),
        // counted like any other failure, so that the retries end
        _ => new ProviderException(ProviderFault.InDoubt, ProviderCode.StepBroke,
            "Aegis itself failed in this step. Search its log for the rotation's id.", e),
    };

    private async Task<bool> ReleaseAfterConflict(string rotationId, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        var run = await db.Rotations.FirstAsync(r => r.Id == rotationId, ct);
        run.Release();
        return await Save(ct);
    }

    private async Task<bool> Save(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private static double Random() => RandomNumberGenerator.GetInt32(1000) / 1000.0;
}

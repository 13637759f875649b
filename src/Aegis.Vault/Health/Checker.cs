namespace Aegis.Vault.Health;

/// <summary>The result of testing a credential at its provider.</summary>
internal sealed record Checkup(Credential Credential, Tested Tested, long Milliseconds, DateTimeOffset At)
{
    public bool IsHealthy => Tested.Verdict is Verdict.Works;
}

/// <summary>
/// Tests credentials at their providers and saves the result. <see cref="TestController"/> tests one, <see cref="CheckAll"/> all of an
/// organization; both use this class. <see cref="WarnJob"/> warns before and at expiry. <see cref="AlertStore"/> stores alerts in the same
/// save as the change that causes them. <see cref="HealthController"/> answers with <see cref="CredentialCounts"/> and
/// <see cref="DashboardView"/>. A provider that fails gives an unhealthy credential, not an exception.
/// </summary>
internal sealed class Checker(VaultDb db, Targets targets, VaultOptions options, TimeProvider clock, ILogger<Checker> log)
{
    private const int MaxTries = 10; // several calls may be testing the same credential

    /// <summary>Tests one credential. When the provider cannot be reached, the credential is unhealthy; the call does not fail.</summary>
    public async Task<Checkup> Check(string credentialId, CancellationToken ct)
    {
        var credential = await db.Credentials.FirstAsync(c => c.Id == credentialId, ct);
        var begun = clock.GetTimestamp();
        var tested = await Try(credential, ct);
        var took = clock.GetElapsedTime(begun);
        var checkup = new Checkup(credential, tested, (long)took.TotalMilliseconds, clock.GetUtcNow());
        credential.Check(tested.Code, checkup.At);
        await Save(checkup, ct);
        return checkup;
    }

    private async Task<Tested> Try(Credential credential, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.ProviderPatience);
        try
        {
            var (provider, target) = await targets.Of(credential, patience.Token);
            return await targets.Current(credential, patience.Token) is { } current
                ? await provider.Test(target, current, patience.Token)
                : Tested.Unknown("value_missing", "This credential has no value yet.");
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
        catch (CryptographicException)
        {
            return Tested.Unknown("value_unreadable",
                "The stored value or configuration cannot be decrypted: it was changed, or its key is missing.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Tested.Unknown("provider_timeout", "The provider did not answer in time.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.CheckBroke(log, credential.Id, e.GetType().Name, e); // one failing test must not stop the tests of all others
            return Tested.Unknown(ProviderCode.StepBroke, "Aegis itself failed in this step. Search its log for the credential's id.");
        }
    }

    /// <summary>
    /// Saves the result. When the credential was changed in between, the result still holds and is applied to the new row.
    /// </summary>
    private async Task Save(Checkup checkup, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await db.SaveChangesAsync(ct);
                return;
            }
            // another save may have stored the same alert first
            catch (DbUpdateException e) when (tries < MaxTries && (e is DbUpdateConcurrencyException || e.IsUniqueViolation()))
            {
                db.ChangeTracker.Clear();
                var present = await db.Credentials.FirstAsync(c => c.Id == checkup.Credential.Id, ct);
                // The credential is retired, or another value was tested.
                if (present.IsRetired || present.CurrentVersion != checkup.Credential.CurrentVersion) return;
                present.Check(checkup.Tested.Code, checkup.At);
            }
        }
    }
}

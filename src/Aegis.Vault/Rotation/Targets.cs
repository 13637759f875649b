namespace Aegis.Vault.Rotation;

/// <summary>Collects what a provider needs for one step. The plaintext values live no longer than the step.</summary>
internal sealed class Targets(
    ProviderCatalogue providers, ProviderConfigs configs, ConnectionStore connections, Versions versions, CredentialSeal seal)
{
    public async Task<StepWork> Prepare(RotationRun run, Credential credential, CancellationToken ct)
    {
        var (provider, target) = await Of(credential, ct);
        // The configuration may have been removed since the rotation began.
        if (!provider.IsConfigured(target.Config) && (!run.IsRollback || run.Step is RotationStep.Revoke))
        {
            throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.ConfigMissing,
                "The credential has no provider_config, so nothing can be done at its provider.");
        }

        var current = await Current(credential, ct);
        var candidate = run.RollbackTo is { } version && run.NewVersion is null
            ? await versions.Open(credential.Id, version, ct)
            : seal.OpenCandidate(run);
        return new StepWork(run, credential, provider, target, current, candidate);
    }

    public async Task<(Provider Provider, Target Target)> Of(Credential credential, CancellationToken ct)
    {
        var provider = providers.Of(credential.Provider);
        var connection = provider.ConnectionKind is { } kind ? await connections.Open(credential.OrganizationId, kind, ct) : null;
        return (provider, new Target(
            credential.OrganizationId, credential.Id, credential.Name, credential.CredentialType, credential.ProviderCredentialId,
            configs.Whole(credential), connection));
    }

    public async Task<HeldValue?> Current(Credential credential, CancellationToken ct) =>
        credential.CurrentVersion == 0 ? null : await versions.Open(credential.Id, credential.CurrentVersion, ct);
}

using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Credentials;

/// <summary>Registers, updates and retires credentials.</summary>
internal sealed class Registry(
    VaultDb db, ProviderConfigs configs, CredentialSeal seal, Versions versions, Rotator rotator, TimeProvider clock)
{
    /// <summary>Saves a new credential with its first value and counts it.</summary>
    public async Task<Credential> Register(string organizationId, CreateCredentialRequest request, CancellationToken ct)
    {
        if (await db.Credentials.AnyAsync(c => c.OrganizationId == organizationId && c.Name == request.Name, ct))
            throw Exists(request.Name);

        var now = clock.GetUtcNow();
        var config = configs.Take(organizationId, request.Provider, request.ProviderConfig);
        var credential = Credential.Register(
            Ids.New("cred", now), organizationId, request.Name, Checked(request.ToFacts(config.Open, config.Secret.Count > 0)), now);
        credential.SealConfig(seal.SealConfig(credential.Id, config.Secret));
        if (request.Value is { } value)
        {
            versions.Append(credential, credential.TakeValue(now), new HeldValue(value), VersionReason.Initial, note: null, now);
        }

        db.Credentials.Add(credential);
        try
        {
            await Save(organizationId, +1, ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation() && NameIsTaken(organizationId, request.Name))
        {
            throw Exists(request.Name);
        }

        return credential;
    }

    /// <summary>Changes the members that the request names; the caller saves.</summary>
    public async Task<IReadOnlyList<string>> Update(Credential credential, UpdateCredentialRequest request, CancellationToken ct)
    {
        credential.RequireInUse();
        // A running rotation would make the value at one target and set it at another.
        if (request.ProviderConfig.IsSent || request.ProviderCredentialId.IsSent) credential.RequireNoRotation();
        var present = credential.Facts;
        var facts = Checked(request.ApplyTo(present) with { HasSealedConfig = false });
        var moves = facts.ProviderCredentialId != present.ProviderCredentialId;
        if (moves) await RequireCopyWithoutSecrets(credential, ct);
        if (!request.ProviderConfig.IsSent)
        {
            if (moves) configs.RequireNothingSealed(credential);
            return credential.Update(facts, clock.GetUtcNow());
        }

        var before = configs.Stored(credential);
        var config = configs.Take(credential.OrganizationId, credential.Provider, request.ProviderConfig.Value, before, moves);
        var secretChanged = config.Secret.ToJsonString() != before.Secret.ToJsonString();
        var changed = credential.Update(
            Checked(facts with { Config = config.Open.ToJsonString(), HasSealedConfig = secretChanged }), clock.GetUtcNow());
        if (secretChanged) credential.SealConfig(seal.SealConfig(credential.Id, config.Secret));
        return changed;
    }

    public async Task Retire(Credential credential, CancellationToken ct)
    {
        credential.RequireNoRotation();
        await rotator.GiveUp(credential, ct);
        credential.Retire(clock.GetUtcNow());
        await Save(credential.OrganizationId, -1, ct);
    }

    /// <summary>The sealed members of the n8n copy would be sent to the credential with the new id.</summary>
    private async Task RequireCopyWithoutSecrets(Credential credential, CancellationToken ct)
    {
        if (!credential.KeepsCopy || !await db.KeptCopies.AnyAsync(c => c.CredentialId == credential.Id && c.SealedConfig != null, ct))
            return;
        throw Refuse.Invalid("secret_required",
            "The n8n copy has sealed members, which would be sent to the new id. Remove the copy, change "
                + "provider_credential_id, and set the copy again.");
    }

    private CredentialFacts Checked(CredentialFacts facts) =>
        facts with
        {
            CannotRotate = configs.WhyNotRotate(
            facts.Provider, facts.Config, facts.Rotation.Cron, cannotRotate: true) is not null
        };

    private async Task Save(string organizationId, int counted, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        await db.Count(organizationId, counted, ct);
        await transaction.CommitAsync(ct);
    }

    private bool NameIsTaken(string organizationId, string name) =>
        db.Credentials.AsNoTracking().Any(c => c.OrganizationId == organizationId && c.Name == name);

    private static RefusedException Exists(string name) =>
        Refuse.Invalid("credential_exists", "Credential name already exists").With("credential", name);
}

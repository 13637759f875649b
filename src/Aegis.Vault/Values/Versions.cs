using Aegis.Kernel.Sealing;

namespace Aegis.Vault.Values;

/// <summary>Writes and reads the versions of credentials.</summary>
internal sealed class Versions(VaultDb db, CredentialSeal seal)
{
    /// <summary>Adds a version to the next save.</summary>
    public void Append(Credential credential, int version, HeldValue held, VersionReason reason, string? note, DateTimeOffset now)
    {
        var sealedValue = seal.SealValue(credential.Id, version, held.Value);
        db.Versions.Add(new CredentialVersion
        {
            CredentialId = credential.Id,
            Version = version,
            OrganizationId = credential.OrganizationId,
            SealedValue = sealedValue,
            KekId = SealedBox.KeyIdOf(sealedValue),
            Fingerprint = seal.Fingerprint(credential.OrganizationId, held.Value),
            Handle = held.Handle,
            CreatedAt = now,
            Reason = reason,
            Note = note,
        });
    }

    /// <summary>Marks the value in use as leaked, so that it is not restored by mistake. The caller saves.</summary>
    public async Task NoteLeaked(Credential credential, DateTimeOffset now, CancellationToken ct)
    {
        if (await Find(credential.Id, credential.CurrentVersion, ct) is { } version) version.LeakedAt ??= now;
    }

    /// <summary>True when this value was reported as leaked for any credential of the organization.</summary>
    public Task<bool> IsLeaked(string organizationId, string fingerprint, CancellationToken ct) =>
        db.Versions.AnyAsync(v => v.OrganizationId == organizationId && v.Fingerprint == fingerprint && v.LeakedAt != null, ct);

    public HeldValue Open(CredentialVersion version) => seal.Open(version);

    public Task<CredentialVersion?> Find(string credentialId, int version, CancellationToken ct) =>
        db.Versions.FirstOrDefaultAsync(v => v.CredentialId == credentialId && v.Version == version, ct);

    /// <summary>The value of a version, or null when there is no such version.</summary>
    public async Task<HeldValue?> Open(string credentialId, int version, CancellationToken ct) =>
        await db.Versions.AsNoTracking().FirstOrDefaultAsync(v => v.CredentialId == credentialId && v.Version == version, ct) is { } found
            ? seal.Open(found)
            : null;
}

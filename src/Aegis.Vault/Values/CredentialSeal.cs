using Aegis.Kernel.Sealing;

namespace Aegis.Vault.Values;

/// <summary>
/// Seals values and secret configuration, each for its own row, and computes digests that compare values without opening them.
/// </summary>
internal sealed class CredentialSeal(SealedBox box, RootSecret root)
{
    private readonly Lazy<byte[]> fingerprintKey = new(() => root.Derive("credential-fingerprint"));

    public byte[] SealValue(string credentialId, int version, string value) => box.SealText(value, Value(credentialId, version));

    /// <exception cref="CryptographicException">The stored value was changed, belongs to another row, or was destroyed.</exception>
    public string OpenValue(CredentialVersion version) => box.OpenText(
        version.SealedValue ?? throw new CryptographicException("The value was destroyed."), Value(version.CredentialId, version.Version));

    public HeldValue Open(CredentialVersion version) => new(OpenValue(version), version.Handle);

    public byte[] SealCandidate(RotationRun run, string value) => box.SealText(value, Candidate(run.Id, run.Attempt));

    public HeldValue? OpenCandidate(RotationRun run) => run.SealedCandidate is null
        ? null
        : new HeldValue(box.OpenText(run.SealedCandidate, Candidate(run.Id, run.Attempt)), run.CandidateHandle, run.CandidateExpiresAt);

    /// <summary>Seals the secret members of a configuration; null when there are none.</summary>
    public byte[]? SealConfig(string ownerId, JsonObject secret) =>
        secret.Count == 0 ? null : box.SealText(secret.ToJsonString(), Config(ownerId));

    public JsonObject OpenConfig(string ownerId, byte[]? sealedConfig) =>
        sealedConfig is null ? [] : JsonNode.Parse(box.OpenText(sealedConfig, Config(ownerId)))!.AsObject();

    /// <summary>A digest that is the same for equal values of one organization. Without the key it reveals nothing.</summary>
    public string Fingerprint(string organizationId, string value) => Convert.ToHexStringLower(
        HMACSHA256.HashData(fingerprintKey.Value, Encoding.UTF8.GetBytes($"{organizationId}\n{value}")));

    internal static SealedFor Value(string credentialId, int version) => new("vault.credential_versions", credentialId, version);

    internal static SealedFor Candidate(string rotationId, int attempt) => new("vault.rotations", rotationId, attempt);

    internal static SealedFor Config(string ownerId) => new("vault.config", ownerId);
}

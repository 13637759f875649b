namespace Aegis.Sdk.Vault;

/// <summary>
/// Credentials, with the number of each kind that the filter selects. <c>NextCursor</c> is the cursor of the next page; null on the last.
/// </summary>
public sealed record CredentialList(
    IReadOnlyList<CredentialItem> Credentials, int Total, bool TotalCapped, int Healthy, int Unknown, int Expiring, int Expired, int Failed,
    string? NextCursor);

/// <summary>A credential in a list.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">The credential's unique name.</param>
/// <param name="CredentialType">The type, such as <c>api_key</c>.</param>
/// <param name="Provider">The provider: <c>n8n</c>, <c>supabase</c>, <c>api</c>, <c>env</c>, ….</param>
/// <param name="Status"><c>active</c>, <c>expiring</c>, <c>expired</c> or <c>retired</c>.</param>
/// <param name="Description">A description for people.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="LastUsedAt">When its value was last read.</param>
/// <param name="RotationEnabled">Whether it rotates automatically.</param>
/// <param name="RotationIntervalHours">Hours between rotations.</param>
/// <param name="NextRotationAt">When it rotates next.</param>
/// <param name="Tags">Tags for filtering.</param>
public sealed record CredentialItem(
    string Id, string Name, string CredentialType, string Provider, string Status, string? Description, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt, bool RotationEnabled, int RotationIntervalHours, DateTimeOffset? NextRotationAt,
    IReadOnlyList<string> Tags);

/// <summary>A credential, without its value.</summary>
public sealed record Credential(
    string Id, string Name, string CredentialType, string Provider, string Status, string? Description, string? ProviderCredentialId,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset? LastRotatedAt,
    DateTimeOffset? LastHealthCheck, bool RotationEnabled, int RotationIntervalHours, string RotationStrategy,
    DateTimeOffset? NextRotationAt,
    int AlertThresholdHours, IReadOnlyList<string> Tags, JsonElement? Metadata, CredentialUse UsageStats, int Version,
    IReadOnlyList<CredentialVersion> VersionHistory) : Revised;

/// <summary>How often the value was read.</summary>
public sealed record CredentialUse(
    long TotalUses, [property: System.Text.Json.Serialization.JsonPropertyName("uses_last_24h")] long UsesLast24Hours,
    [property: System.Text.Json.Serialization.JsonPropertyName("uses_last_7d")] long UsesLast7Days);

/// <summary>
/// A version of a credential's value. <c>Reason</c> is <c>initial</c>, <c>rotation</c>, <c>manual</c> or <c>rollback</c>.
/// </summary>
public sealed record CredentialVersion(int Version, DateTimeOffset CreatedAt, string Reason, string? Note);

/// <summary>A credential to register.</summary>
/// <param name="Name">The name; unique in the organization for ever.</param>
/// <param name="CredentialType">The type, such as <c>api_key</c>, <c>oauth</c> or <c>database</c>.</param>
/// <param name="Provider">The provider.</param>
public sealed record CreateCredential(string Name, string CredentialType, string Provider)
{
    /// <summary>A description for people.</summary>
    public string? Description { get; init; }

    /// <summary>The secret itself.</summary>
    public string? Value { get; init; }

    /// <summary>Its id at the provider.</summary>
    public string? ProviderCredentialId { get; init; }

    /// <summary>The provider's configuration. <see cref="VaultApi.GetProvidersAsync"/> returns its schema.</summary>
    public JsonObject? ProviderConfig { get; init; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it rotates automatically.</summary>
    public bool? RotationEnabled { get; init; }

    /// <summary>Hours between rotations; default 720.</summary>
    public int? RotationIntervalHours { get; init; }

    /// <summary><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</summary>
    public string? RotationStrategy { get; init; }

    /// <summary>When it rotates, as a cron expression.</summary>
    public string? RotationCron { get; init; }

    /// <summary>How long the old value still works after a rotation.</summary>
    public int? RotationOverlapMinutes { get; init; }

    /// <summary>How many hours before its expiry an alert is raised; default 168.</summary>
    public int? AlertThresholdHours { get; init; }

    /// <summary>Tags for filtering.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Your own data about the credential. No secrets.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Does not show the value.</summary>
    public override string ToString() => $"CreateCredential {{ Name = {Name} }}";
}

/// <summary>
/// A registered credential. <c>Warnings</c> and <c>CannotRotate</c> say what prevents its rotation; null when nothing does.
/// </summary>
public sealed record CreatedCredential(
    string Id, string Name, string Status, DateTimeOffset CreatedAt, bool Encrypted, IReadOnlyList<string>? Warnings, string? CannotRotate);

/// <summary>A changed credential. <c>UpdatedFields</c> lists the fields whose value changed.</summary>
public sealed record UpdatedCredential(
    string Id, string Name, string Status, DateTimeOffset UpdatedAt, IReadOnlyList<string> UpdatedFields,
    IReadOnlyList<string>? Warnings, string? CannotRotate);

/// <summary>A retired credential.</summary>
public sealed record RetiredCredential(string Status, string CredentialName, DateTimeOffset RetiredAt);

/// <summary>A restored credential. <c>Version</c> is 0 when it has no value.</summary>
public sealed record RestoredCredential(string Status, string CredentialName, int Version, DateTimeOffset RestoredAt);

internal sealed record RestoreCredential(string Value)
{
    public override string ToString() => "***";
}

/// <summary>A credential's value.</summary>
/// <param name="Name">The credential.</param>
/// <param name="Version">The version.</param>
/// <param name="Value">The secret itself.</param>
public sealed record CredentialValue(string Name, int Version, string Value) : Revised
{
    /// <summary>Does not show the value.</summary>
    public override string ToString() => $"CredentialValue {{ Name = {Name}, Version = {Version} }}";
}

/// <summary>A value that was set manually.</summary>
public sealed record CredentialValueSet(string Name, int Version, DateTimeOffset UpdatedAt);

/// <summary>The provider's configuration of a credential. Secret members are not shown.</summary>
public sealed record CredentialProviderConfig(string Provider, JsonObject? ProviderConfig, IReadOnlyList<string> SecretMembers);

internal sealed record SetCredentialValue(string Value, string? Reason)
{
    public override string ToString() => "***";
}

namespace Aegis.Sdk.Vault;

/// <summary>
/// Credentials, and how many of each kind the filter selects. <c>NextCursor</c> leads to the next page; null on the last one.
/// </summary>
public sealed record CredentialList(
    IReadOnlyList<CredentialItem> Credentials, int Total, bool TotalCapped, int Healthy, int Unknown, int Expiring, int Expired, int Failed,
    string? NextCursor);

/// <summary>A credential in a list.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">Its name, by which it is called.</param>
/// <param name="CredentialType">What it is, such as <c>api_key</c>.</param>
/// <param name="Provider">Where it belongs to: <c>n8n</c>, <c>supabase</c>, <c>api</c>, <c>env</c>, ….</param>
/// <param name="Status"><c>active</c>, <c>expiring</c>, <c>expired</c> or <c>retired</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="LastUsedAt">When its value was given out last.</param>
/// <param name="RotationEnabled">Whether it rotates by itself.</param>
/// <param name="RotationIntervalHours">How often.</param>
/// <param name="NextRotationAt">When next.</param>
/// <param name="Tags">Words to find it by.</param>
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

/// <summary>How often a value was given out.</summary>
public sealed record CredentialUse(
    long TotalUses, [property: System.Text.Json.Serialization.JsonPropertyName("uses_last_24h")] long UsesLast24Hours,
    [property: System.Text.Json.Serialization.JsonPropertyName("uses_last_7d")] long UsesLast7Days);

/// <summary>
/// A version of a credential's value. <c>Reason</c> is <c>initial</c>, <c>rotation</c>, <c>manual</c> or <c>rollback</c>.
/// </summary>
public sealed record CredentialVersion(int Version, DateTimeOffset CreatedAt, string Reason, string? Note);

/// <summary>A credential to be registered.</summary>
/// <param name="Name">Its name; unique in the organization, for ever.</param>
/// <param name="CredentialType">What it is, such as <c>api_key</c>, <c>oauth</c> or <c>database</c>.</param>
/// <param name="Provider">Where it belongs to.</param>
public sealed record CreateCredential(string Name, string CredentialType, string Provider)
{
    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>The secret itself.</summary>
    public string? Value { get; init; }

    /// <summary>Its id at the provider.</summary>
    public string? ProviderCredentialId { get; init; }

    /// <summary>What the provider needs to know; its schema is in <see cref="VaultApi.GetProvidersAsync"/>.</summary>
    public JsonObject? ProviderConfig { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it rotates by itself.</summary>
    public bool? RotationEnabled { get; init; }

    /// <summary>How often; 720 unless told.</summary>
    public int? RotationIntervalHours { get; init; }

    /// <summary><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</summary>
    public string? RotationStrategy { get; init; }

    /// <summary>When, as a cron expression.</summary>
    public string? RotationCron { get; init; }

    /// <summary>How long the old value works on after a rotation.</summary>
    public int? RotationOverlapMinutes { get; init; }

    /// <summary>How long before its end there is an alert; 168 unless told.</summary>
    public int? AlertThresholdHours { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Whatever you want to keep with it. No secrets.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Shows no value.</summary>
    public override string ToString() => $"CreateCredential {{ Name = {Name} }}";
}

/// <summary>
/// A credential that was registered. <c>Warnings</c> and <c>CannotRotate</c> say what keeps it from being rotated; null when nothing does.
/// </summary>
public sealed record CreatedCredential(
    string Id, string Name, string Status, DateTimeOffset CreatedAt, bool Encrypted, IReadOnlyList<string>? Warnings, string? CannotRotate);

/// <summary>A credential that was changed. <c>UpdatedFields</c> are those that really changed.</summary>
public sealed record UpdatedCredential(
    string Id, string Name, string Status, DateTimeOffset UpdatedAt, IReadOnlyList<string> UpdatedFields,
    IReadOnlyList<string>? Warnings, string? CannotRotate);

/// <summary>A credential that is used no more.</summary>
public sealed record RetiredCredential(string Status, string CredentialName, DateTimeOffset RetiredAt);

/// <summary>A credential that was retired and is in use again. <c>Version</c> is 0 when it has no value.</summary>
public sealed record RestoredCredential(string Status, string CredentialName, int Version, DateTimeOffset RestoredAt);

internal sealed record RestoreCredential(string Value)
{
    public override string ToString() => "***";
}

/// <summary>A credential's value.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Version">Which.</param>
/// <param name="Value">The secret itself.</param>
public sealed record CredentialValue(string Name, int Version, string Value) : Revised
{
    /// <summary>Shows no value.</summary>
    public override string ToString() => $"CredentialValue {{ Name = {Name}, Version = {Version} }}";
}

/// <summary>A value that was set by hand.</summary>
public sealed record CredentialValueSet(string Name, int Version, DateTimeOffset UpdatedAt);

/// <summary>What the provider needs to know of a credential; secret members are not shown.</summary>
public sealed record CredentialProviderConfig(string Provider, JsonObject? ProviderConfig, IReadOnlyList<string> SecretMembers);

internal sealed record SetCredentialValue(string Value, string? Reason)
{
    public override string ToString() => "***";
}

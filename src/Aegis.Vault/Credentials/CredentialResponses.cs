using System.Text.Json.Serialization;

namespace Aegis.Vault.Credentials;

/// <summary>One credential of a list.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">Its name.</param>
/// <param name="CredentialType">What it is.</param>
/// <param name="Provider">The provider that makes, accepts or checks its values.</param>
/// <param name="Status"><c>active</c>, <c>expiring</c>, <c>expired</c> or <c>retired</c>.</param>
/// <param name="Description">A text for people.</param>
/// <param name="ExpiresAt">When it expires, or null.</param>
/// <param name="LastUsedAt">When its value was last read, or null.</param>
/// <param name="RotationEnabled">True when it is rotated automatically.</param>
/// <param name="RotationIntervalHours">Hours between rotations.</param>
/// <param name="NextRotationAt">When the next automatic rotation is due, or null.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record CredentialItem(
    string Id, string Name, string CredentialType, string Provider, CredentialStatus Status, string? Description, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt, bool RotationEnabled, int RotationIntervalHours, DateTimeOffset? NextRotationAt, IReadOnlyList<string> Tags)
{
    public static CredentialItem From(Credential c, DateTimeOffset? lastUsedAt, DateTimeOffset now) => new(
        c.Id, c.Name, c.CredentialType, c.Provider, c.StatusAt(now), c.Description, c.ExpiresAt, lastUsedAt,
        c.RotationEnabled, c.RotationIntervalHours, c.NextRotationAt, c.Tags);
}

/// <summary>One page of credentials by name, with counts. The kinds add up to <c>total</c>.</summary>
/// <param name="Credentials">At most <c>limit</c>.</param>
/// <param name="Total">How many match the filter; at most 10000 when there is one.</param>
/// <param name="TotalCapped">True when more credentials match than were counted.</param>
/// <param name="Healthy">Healthy, and neither expired nor expiring.</param>
/// <param name="Unknown">Never tested, or without a value.</param>
/// <param name="Expiring">Expires within its threshold.</param>
/// <param name="Expired">Expired.</param>
/// <param name="Failed">The value does not work, or the rotation needs attention. This kind comes before all others.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to get the next page; null on the last one.</param>
internal sealed record CredentialList(
    IReadOnlyList<CredentialItem> Credentials,
    int Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TotalCapped,
    int Healthy,
    int Unknown,
    int Expiring,
    int Expired,
    int Failed,
    string? NextCursor);

/// <summary>How often the value was read.</summary>
/// <param name="TotalUses">Since the credential was registered.</param>
/// <param name="UsesLast24h">In the last 24 hours, to the minute.</param>
/// <param name="UsesLast7d">In the last 7 days, to the minute.</param>
internal sealed record UsageStats(
    long TotalUses,
    [property: JsonPropertyName("uses_last_24h")] long UsesLast24h,
    [property: JsonPropertyName("uses_last_7d")] long UsesLast7d);

/// <summary>One version.</summary>
/// <param name="Version">1 or more.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Reason"><c>initial</c>, <c>rotation</c>, <c>manual</c>, or <c>rollback</c> once it was made current again.</param>
/// <param name="Note">The caller's note, or null.</param>
internal sealed record VersionItem(int Version, DateTimeOffset CreatedAt, VersionReason Reason, string? Note);

/// <summary>A credential with everything but its value.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">Its name.</param>
/// <param name="CredentialType">What it is.</param>
/// <param name="Provider">The provider that makes, accepts or checks its values.</param>
/// <param name="Status"><c>active</c>, <c>expiring</c>, <c>expired</c> or <c>retired</c>.</param>
/// <param name="Description">A text for people.</param>
/// <param name="ProviderCredentialId">Its id at the provider.</param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="UpdatedAt">When it or its value last changed.</param>
/// <param name="ExpiresAt">When it expires, or null.</param>
/// <param name="LastUsedAt">When its value was last read, or null.</param>
/// <param name="LastRotatedAt">When it was last rotated, or null.</param>
/// <param name="LastHealthCheck">When its value was last tested, or null.</param>
/// <param name="RotationEnabled">True when it is rotated automatically.</param>
/// <param name="RotationIntervalHours">Hours between rotations.</param>
/// <param name="RotationStrategy"><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</param>
/// <param name="NextRotationAt">When the next automatic rotation is due, or null.</param>
/// <param name="AlertThresholdHours">It counts as expiring this long before it expires.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Metadata">The owner's object.</param>
/// <param name="UsageStats">How often its value was read.</param>
/// <param name="Version">The version in use; 0 while there is no value.</param>
/// <param name="VersionHistory">Newest first, at most 100.</param>
internal sealed record CredentialDetails(
    string Id, string Name, string CredentialType, string Provider, CredentialStatus Status, string? Description,
    string? ProviderCredentialId,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt,
    DateTimeOffset? LastRotatedAt,
    DateTimeOffset? LastHealthCheck, bool RotationEnabled, int RotationIntervalHours, RotationStrategy RotationStrategy,
    DateTimeOffset? NextRotationAt,
    int AlertThresholdHours, IReadOnlyList<string> Tags, JsonNode Metadata, UsageStats UsageStats, int Version,
    IReadOnlyList<VersionItem> VersionHistory)
{
    public static CredentialDetails From(
        Credential c, DateTimeOffset? lastUsedAt, UsageStats usage, IReadOnlyList<VersionItem> history, DateTimeOffset now) => new(
        c.Id, c.Name, c.CredentialType, c.Provider, c.StatusAt(now), c.Description, c.ProviderCredentialId, c.CreatedAt, c.UpdatedAt,
        c.ExpiresAt,
        lastUsedAt, c.LastRotatedAt, c.LastCheckedAt, c.RotationEnabled, c.RotationIntervalHours, c.RotationStrategy, c.NextRotationAt,
        c.AlertThresholdHours, c.Tags, JsonNode.Parse(c.Metadata)!, usage, c.CurrentVersion, history);
}

/// <summary>A registered credential.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Encrypted">Always true: values are sealed.</param>
/// <param name="Warnings"><c>rotation_not_configured</c> when its provider cannot make new values with this configuration; left out when
/// there are none.</param>
/// <param name="CannotRotate">The same as a sentence, with what is missing; left out when it can be rotated.</param>
internal sealed record CreatedCredential(
    string Id, string Name, CredentialStatus Status, DateTimeOffset CreatedAt, bool Encrypted,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CannotRotate);

/// <summary>An updated credential.</summary>
/// <param name="Id">cred_….</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">Its status.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="UpdatedFields">The members whose value changed.</param>
/// <param name="Warnings"><c>rotation_not_configured</c> when automatic rotation is on but impossible; left out when there are
/// none.</param>
/// <param name="CannotRotate">The same as a sentence, with what is missing; left out when there is no warning.</param>
internal sealed record UpdatedCredential(
    string Id, string Name, CredentialStatus Status, DateTimeOffset UpdatedAt, IReadOnlyList<string> UpdatedFields,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Warnings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CannotRotate);

/// <summary>A retired credential.</summary>
/// <param name="Status">Always <c>retired</c>.</param>
/// <param name="CredentialName">Its name, which cannot be used again.</param>
/// <param name="RetiredAt">When.</param>
internal sealed record RetiredCredential(CredentialStatus Status, string CredentialName, DateTimeOffset RetiredAt);

/// <summary>The <c>provider_config</c> of a credential without its secret members.</summary>
/// <param name="Provider">The provider that makes, accepts or checks its values.</param>
/// <param name="ProviderConfig">The members that are not secret.</param>
/// <param name="SecretMembers">The names of the secret members that are set.</param>
internal sealed record ProviderConfigResponse(string Provider, JsonObject ProviderConfig, IReadOnlyList<string> SecretMembers);

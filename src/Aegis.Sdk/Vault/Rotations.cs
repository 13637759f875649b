namespace Aegis.Sdk.Vault;

internal sealed record ApplyCredential(string WorkflowId, string NodeName, string? RequestedBy);

/// <summary>A credential that a workflow uses now.</summary>
public sealed record AppliedCredential(string Status, string Credential, string WorkflowId, string Node, DateTimeOffset AppliedAt);

internal sealed record RotateCredential(string Trigger, string? Reason);

/// <summary>A rotation: done, or under way when it takes longer than the call.</summary>
/// <param name="Status"><c>rotated</c>; or <c>rotating</c>, and then <see cref="Rotation"/> names it.</param>
/// <param name="Credential">Whose.</param>
/// <param name="PreviousVersion">The version before.</param>
/// <param name="NewVersion">The version now.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="RotatedAt">When it was done.</param>
/// <param name="Rotation">The rotation that is under way.</param>
/// <param name="Step">Where it is: <c>create</c>, <c>set</c>, <c>test</c>, <c>finish</c>, <c>revoke</c> or <c>done</c>.</param>
/// <param name="NextTryAt">When it goes on.</param>
/// <param name="Warnings"><c>unproven</c> when the target had no room for a login by the new value; null when there are none.</param>
public sealed record CredentialRotation(
    string Status, string Credential, int? PreviousVersion, int? NewVersion, long? DurationMs, DateTimeOffset? RotatedAt,
    string? Rotation, string? Step, DateTimeOffset? NextTryAt, IReadOnlyList<string>? Warnings)
{
    /// <summary>Whether the new value is in use.</summary>
    [JsonIgnore]
    public bool IsDone => Status == "rotated";
}

internal sealed record RollBackCredential(int Version);

/// <summary>A credential that has an earlier value again; or <c>rotating</c> when that takes longer than the call.</summary>
public sealed record RolledBackCredential(
    string Status, string Credential, int? FromVersion, int? ToVersion, DateTimeOffset? RolledBackAt, string? Rotation,
    IReadOnlyList<string>? Warnings);

/// <summary>Rotations of a credential.</summary>
public sealed record RotationPage(IReadOnlyList<RotationEntry> Items, [property: JsonPropertyName("nextCursor")] string? NextCursor);

/// <summary>One rotation or rollback.</summary>
public sealed record RotationEntry(
    string Id, string Credential, string Kind, string Trigger, string? Reason, string State, string Step, int? FromVersion, int? ToVersion,
    DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset DueAt, int Failures, VaultError? LastError,
    IReadOnlyList<string>? Warnings);

/// <summary>Why something did not work at a provider.</summary>
public sealed record VaultError(string Code, string Message);

/// <summary>A credential that was tried.</summary>
/// <param name="Status"><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</param>
/// <param name="Credential">Which.</param>
/// <param name="ResponseTimeMs">How long the provider took.</param>
/// <param name="Details">What the provider said.</param>
/// <param name="TestedAt">When.</param>
/// <param name="Error">Why it does not work.</param>
public sealed record TestedCredential(
    string Status, string Credential, long ResponseTimeMs, CredentialTestDetails? Details, DateTimeOffset TestedAt, VaultError? Error);

/// <summary>What a provider said of a credential.</summary>
public sealed record CredentialTestDetails(bool? Authenticated, long? RateLimitRemaining, long? QuotaRemaining, DateTimeOffset? ExpiresAt);

/// <summary>What rotates when.</summary>
public sealed record RotationSchedule(
    IReadOnlyList<ScheduledRotation> UpcomingRotations, IReadOnlyList<ScheduledRotation> OverdueRotations,
    IReadOnlyList<BarredRotation>? CannotRotate, DateTimeOffset GeneratedAt);

/// <summary>A credential that is to rotate by itself and cannot: why, and what to do.</summary>
public sealed record BarredRotation(string Credential, string Code, string Message);

/// <summary>A rotation that is to come.</summary>
public sealed record ScheduledRotation(string Credential, DateTimeOffset ScheduledAt, string Strategy);

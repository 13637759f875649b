namespace Aegis.Sdk.Vault;

internal sealed record ApplyCredential(string WorkflowId, string NodeName, string? RequestedBy);

/// <summary>A credential that a workflow uses now.</summary>
public sealed record AppliedCredential(string Status, string Credential, string WorkflowId, string Node, DateTimeOffset AppliedAt);

internal sealed record RotateCredential(string Trigger, string? Reason);

/// <summary>A rotation: finished, or still running when it takes longer than the call.</summary>
/// <param name="Status"><c>rotated</c>, or <c>rotating</c>; then <see cref="Rotation"/> is set.</param>
/// <param name="Credential">The credential.</param>
/// <param name="PreviousVersion">The version before the rotation.</param>
/// <param name="NewVersion">The version after the rotation.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="RotatedAt">When it finished.</param>
/// <param name="Rotation">The id of the running rotation.</param>
/// <param name="Step">Its step: <c>create</c>, <c>set</c>, <c>test</c>, <c>finish</c>, <c>revoke</c> or <c>done</c>.</param>
/// <param name="NextTryAt">When it continues.</param>
/// <param name="Warnings"><c>unproven</c> when the target had no free connection to test the new value; null without warnings.</param>
public sealed record CredentialRotation(
    string Status, string Credential, int? PreviousVersion, int? NewVersion, long? DurationMs, DateTimeOffset? RotatedAt,
    string? Rotation, string? Step, DateTimeOffset? NextTryAt, IReadOnlyList<string>? Warnings)
{
    /// <summary>Whether the new value is in use.</summary>
    [JsonIgnore]
    public bool IsDone => Status == "rotated";
}

internal sealed record RollBackCredential(int Version);

/// <summary>A credential that uses an earlier value again, or <c>rotating</c> when that takes longer than the call.</summary>
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

/// <summary>An error at a provider.</summary>
public sealed record VaultError(string Code, string Message);

/// <summary>A tested credential.</summary>
/// <param name="Status"><c>healthy</c>, <c>unhealthy</c> or <c>unknown</c>.</param>
/// <param name="Credential">The credential.</param>
/// <param name="ResponseTimeMs">How long the provider took.</param>
/// <param name="Details">What the provider answered.</param>
/// <param name="TestedAt">When it was tested.</param>
/// <param name="Error">Why it does not work.</param>
public sealed record TestedCredential(
    string Status, string Credential, long ResponseTimeMs, CredentialTestDetails? Details, DateTimeOffset TestedAt, VaultError? Error);

/// <summary>What a provider answered about a credential.</summary>
public sealed record CredentialTestDetails(bool? Authenticated, long? RateLimitRemaining, long? QuotaRemaining, DateTimeOffset? ExpiresAt);

/// <summary>Upcoming and overdue rotations.</summary>
public sealed record RotationSchedule(
    IReadOnlyList<ScheduledRotation> UpcomingRotations, IReadOnlyList<ScheduledRotation> OverdueRotations,
    IReadOnlyList<BarredRotation>? CannotRotate, DateTimeOffset GeneratedAt);

/// <summary>A credential with automatic rotation that cannot rotate: why, and what to do.</summary>
public sealed record BarredRotation(string Credential, string Code, string Message);

/// <summary>An upcoming or overdue rotation.</summary>
public sealed record ScheduledRotation(string Credential, DateTimeOffset ScheduledAt, string Strategy);

using System.Text.Json.Serialization;

namespace Aegis.Vault.Health;

/// <summary>Says that the vault works; with <c>credential:list</c> also the counts of the organization's credentials.</summary>
/// <param name="Status">Always <c>healthy</c>; a failing host answers with an error.</param>
/// <param name="Agent">Always <c>AEGIS</c>.</param>
/// <param name="Version">Version of this API.</param>
/// <param name="CredentialsCount">Credentials in use. Left out without the scope, like all counts.</param>
/// <param name="HealthyCount">Healthy, and neither expired nor expiring.</param>
/// <param name="UnknownCount">Never tested, or without a value.</param>
/// <param name="ExpiringCount">Expires within its threshold.</param>
/// <param name="ExpiredCount">Expired.</param>
/// <param name="FailedCount">The value does not work, or the rotation needs attention. This kind comes before all others.</param>
/// <param name="CannotRotateCount">Automatic rotation is on but impossible; the dashboard says why.</param>
/// <param name="Encryption">Always <c>enabled</c>.</param>
/// <param name="LastRotationCheck">When this host last queried for due rotations; null before the first time.</param>
internal sealed record HealthResponse(
    string Status, string Agent, string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CredentialsCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? HealthyCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? UnknownCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ExpiringCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ExpiredCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? FailedCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CannotRotateCount,
    string Encryption,
    DateTimeOffset? LastRotationCheck);

/// <summary>The health of the organization's credentials.</summary>
/// <param name="Summary">The counts of all credentials.</param>
/// <param name="Credentials">The worst first, then by name; at most 100.</param>
/// <param name="Alerts">Alerts, newest first; at most 100.</param>
/// <param name="GeneratedAt">When the dashboard was made.</param>
internal sealed record Dashboard(
    DashboardSummary Summary, IReadOnlyList<DashboardCredential> Credentials, IReadOnlyList<DashboardAlert> Alerts,
    DateTimeOffset GeneratedAt);

/// <summary>
/// The counts of all credentials. Healthy, unknown (never tested, or without a value), expiring, expired and failed add up to the total.
/// </summary>
internal sealed record DashboardSummary(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed);

/// <summary>One credential of the dashboard.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status"><c>active</c>, <c>expiring</c> or <c>expired</c>.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, or <c>unknown</c> before its first test.</param>
/// <param name="ExpiresInHours">Whole hours until it expires, negative afterwards; null when it does not expire.</param>
/// <param name="LastUsed">When its value was last read, or null.</param>
/// <param name="CannotRotate">Why automatic rotation is on but impossible, and what is missing; null otherwise.</param>
internal sealed record DashboardCredential(
    string Name, CredentialStatus Status, CredentialHealth Health, long? ExpiresInHours, DateTimeOffset? LastUsed, string? CannotRotate);

/// <summary>One alert.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="AlertType"><c>expiring</c>, <c>expired</c>, <c>rotation_failed</c>, <c>cannot_rotate</c> or <c>unhealthy</c>.</param>
/// <param name="Message">A sentence.</param>
/// <param name="CreatedAt">When it was raised.</param>
internal sealed record DashboardAlert(string Credential, AlertType AlertType, string Message, DateTimeOffset CreatedAt);

/// <summary>Credentials that expire soon.</summary>
/// <param name="Credentials">Soonest first, at most 200.</param>
/// <param name="Count">How many expire within the threshold; at most 10000.</param>
/// <param name="ThresholdHours">The threshold.</param>
internal sealed record ExpiringResponse(IReadOnlyList<ExpiringCredential> Credentials, int Count, int ThresholdHours);

/// <summary>One credential that expires soon.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="ExpiresInHours">Whole hours until then.</param>
/// <param name="RotationEnabled">True when automatic rotation is on.</param>
/// <param name="CannotRotate">Why automatic rotation is on but impossible, and what is missing; null otherwise.</param>
internal sealed record ExpiringCredential(
    string Name, DateTimeOffset ExpiresAt, long ExpiresInHours, bool RotationEnabled, string? CannotRotate);

/// <summary>The result of testing a credential.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="ResponseTimeMs">How long the provider took.</param>
/// <param name="Details">Details of the provider's answer.</param>
/// <param name="TestedAt">When it was tested.</param>
/// <param name="Error">Why it is unhealthy; left out otherwise.</param>
internal sealed record TestResponse(
    CredentialHealth Status, string Credential, long ResponseTimeMs, TestDetails Details, DateTimeOffset TestedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Rotation.RotationError? Error)
{
    public static TestResponse From(Checkup c) => new(
        c.IsHealthy ? CredentialHealth.Healthy : CredentialHealth.Unhealthy, c.Credential.Name, c.Milliseconds,
        new TestDetails(
            c.Tested.Verdict is Verdict.Unknown || !c.Tested.IsLogin ? null : c.IsHealthy, c.Tested.RateLimitRemaining,
            c.Tested.QuotaRemaining,
            c.Tested.ExpiresAt),
        c.At,
        c.IsHealthy ? null : new Rotation.RotationError(c.Tested.Code!, c.Tested.Message ?? ""));
}

/// <summary>Details of the provider's answer.</summary>
/// <param name="Authenticated">Whether the provider accepted the value as a login; null when its answer does not say, or when the test
/// involved no login.</param>
/// <param name="RateLimitRemaining">Calls left, or null when it does not say.</param>
/// <param name="QuotaRemaining">Quota left, or null when it does not say.</param>
/// <param name="ExpiresAt">When the value expires at the provider, a possible value for <c>expires_at</c>. Left out when the provider does
/// not say.</param>
internal sealed record TestDetails(
    bool? Authenticated, long? RateLimitRemaining, long? QuotaRemaining,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt);

/// <summary>The results of testing all credentials.</summary>
/// <param name="Checked">How many were tested.</param>
/// <param name="Healthy">How many of these work.</param>
/// <param name="Unhealthy">How many of these do not work.</param>
/// <param name="Details">The unhealthy ones, at most 1000.</param>
/// <param name="Skipped">How many cannot be tested.</param>
/// <param name="SkippedBecause">The reasons, with counts.</param>
/// <param name="CheckedAt">When the call ended.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Total">How many can be tested; only when the time was over before all were.</param>
/// <param name="Remaining">How many were not tested; only when the time was over. Call again: the least recently tested come first.</param>
internal sealed record CheckAllResponse(
    int Checked, int Healthy, int Unhealthy, IReadOnlyList<CheckAllDetail> Details, int Skipped, CheckAllSkipped SkippedBecause,
    DateTimeOffset CheckedAt, long DurationMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Remaining);

/// <summary>Why credentials were not tested.</summary>
/// <param name="ValueMissing">They have no value yet.</param>
/// <param name="TestNotConfigured">Their configuration has no test.</param>
internal sealed record CheckAllSkipped(int ValueMissing, int TestNotConfigured);

/// <summary>One credential that does not work.</summary>
internal sealed record CheckAllDetail(string Name, CredentialHealth Status, string Error, long ResponseTimeMs);

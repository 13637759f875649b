using System.Text.Json.Serialization;

namespace Aegis.Vault.Health;

/// <summary>That the vault works; with <c>credential:list</c> also how the organization's credentials do.</summary>
/// <param name="Status">Always <c>healthy</c>: otherwise there is another answer.</param>
/// <param name="Agent">Always <c>AEGIS</c>.</param>
/// <param name="Version">Version of this interface.</param>
/// <param name="CredentialsCount">Those in use. Left out without the scope, like all counts.</param>
/// <param name="HealthyCount">They work, and neither expired nor expiring.</param>
/// <param name="UnknownCount">Never tested, or without a value.</param>
/// <param name="ExpiringCount">Ends within its threshold.</param>
/// <param name="ExpiredCount">Has ended.</param>
/// <param name="FailedCount">Does not work, or its rotation needs attention; counts before all others.</param>
/// <param name="CannotRotateCount">They are to rotate by themselves and cannot; the dashboard says why.</param>
/// <param name="Encryption">Always <c>enabled</c>.</param>
/// <param name="LastRotationCheck">When this host last looked for rotations that are due; null before the first time.</param>
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

/// <summary>How the organization's credentials do.</summary>
/// <param name="Summary">All of them in numbers.</param>
/// <param name="Credentials">The worst first, then by name; at most 100.</param>
/// <param name="Alerts">What a person should see, newest first; at most 100.</param>
/// <param name="GeneratedAt">When.</param>
internal sealed record Dashboard(
    DashboardSummary Summary, IReadOnlyList<DashboardCredential> Credentials, IReadOnlyList<DashboardAlert> Alerts,
    DateTimeOffset GeneratedAt);

/// <summary>
/// All credentials in numbers; healthy, unknown (never tested, or without a value), expiring, expired and failed divide them.
/// </summary>
internal sealed record DashboardSummary(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed);

/// <summary>One credential of the dashboard.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status"><c>active</c>, <c>expiring</c> or <c>expired</c>.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, or <c>unknown</c> before it was tried.</param>
/// <param name="ExpiresInHours">Whole hours until its end, negative afterwards; null when it has none.</param>
/// <param name="LastUsed">When its value was read last, or null.</param>
/// <param name="CannotRotate">Why it does not rotate by itself although it is to, and what is missing; null otherwise.</param>
internal sealed record DashboardCredential(
    string Name, CredentialStatus Status, CredentialHealth Health, long? ExpiresInHours, DateTimeOffset? LastUsed, string? CannotRotate);

/// <summary>One alert.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="AlertType"><c>expiring</c>, <c>expired</c>, <c>rotation_failed</c>, <c>cannot_rotate</c> or <c>unhealthy</c>.</param>
/// <param name="Message">A sentence.</param>
/// <param name="CreatedAt">When it was raised.</param>
internal sealed record DashboardAlert(string Credential, AlertType AlertType, string Message, DateTimeOffset CreatedAt);

/// <summary>Credentials that end soon.</summary>
/// <param name="Credentials">The next to end first, at most 200.</param>
/// <param name="Count">How many end within the threshold; at most 10000.</param>
/// <param name="ThresholdHours">The threshold.</param>
internal sealed record ExpiringResponse(IReadOnlyList<ExpiringCredential> Credentials, int Count, int ThresholdHours);

/// <summary>One credential that ends soon.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="ExpiresInHours">Whole hours until then.</param>
/// <param name="RotationEnabled">True when it is to rotate by itself.</param>
/// <param name="CannotRotate">Why it does not although it is to, and what is missing; null otherwise.</param>
internal sealed record ExpiringCredential(
    string Name, DateTimeOffset ExpiresAt, long ExpiresInHours, bool RotationEnabled, string? CannotRotate);

/// <summary>What trying a credential came to.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Credential">Name of the credential.</param>
/// <param name="ResponseTimeMs">How long the provider took.</param>
/// <param name="Details">What the provider said.</param>
/// <param name="TestedAt">When.</param>
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

/// <summary>What the provider said.</summary>
/// <param name="Authenticated">
/// Whether it let the value in; null when it gave no answer that tells, or when nothing was asked that could.
/// </param>
/// <param name="RateLimitRemaining">Calls left, or null when it does not say.</param>
/// <param name="QuotaRemaining">Quota left, or null when it does not say.</param>
/// <param name="ExpiresAt">When the provider ends the value by itself: what <c>expires_at</c> could be set to. Left out when it does not
/// say.</param>
internal sealed record TestDetails(
    bool? Authenticated, long? RateLimitRemaining, long? QuotaRemaining,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt);

/// <summary>What trying all credentials came to.</summary>
/// <param name="Checked">How many were tried.</param>
/// <param name="Healthy">Of these, how many work.</param>
/// <param name="Unhealthy">And how many do not.</param>
/// <param name="Details">Those that do not, at most 1000.</param>
/// <param name="Skipped">How many cannot be tried.</param>
/// <param name="SkippedBecause">Why, in numbers.</param>
/// <param name="CheckedAt">When.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Total">How many can be tried; only when time ran out before all were.</param>
/// <param name="Remaining">How many were not tried; only when time ran out. Call again: those tried longest ago come first.</param>
internal sealed record CheckAllResponse(
    int Checked, int Healthy, int Unhealthy, IReadOnlyList<CheckAllDetail> Details, int Skipped, CheckAllSkipped SkippedBecause,
    DateTimeOffset CheckedAt, long DurationMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Remaining);

/// <summary>Why credentials were not tried.</summary>
/// <param name="ValueMissing">They have no value yet.</param>
/// <param name="TestNotConfigured">Their provider does not know how to try them as they are configured.</param>
internal sealed record CheckAllSkipped(int ValueMissing, int TestNotConfigured);

/// <summary>One credential that does not work.</summary>
internal sealed record CheckAllDetail(string Name, CredentialHealth Status, string Error, long ResponseTimeMs);

namespace Aegis.Sdk.Vault;

/// <summary>Health of the host and the credentials.</summary>
public sealed class HealthApi
{
    private readonly Caller caller;

    internal HealthApi(Caller caller) => this.caller = caller;

    /// <summary>Health of the host. Callers who may list credentials also get their numbers.</summary>
    public Task<ServiceHealth> GetAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/health", SnakeCaseJson.Default.ServiceHealth, cancellationToken);

    /// <summary>Health of all credentials, with alerts.</summary>
    public Task<HealthDashboard> GetDashboardAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/health/dashboard", SnakeCaseJson.Default.HealthDashboard, cancellationToken);

    /// <summary>Credentials that expire soon.</summary>
    public Task<ExpiringCredentials> GetExpiringAsync(int? thresholdHours = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/health/expiring").With("threshold_hours", thresholdHours).ToString(),
            SnakeCaseJson.Default.ExpiringCredentials, cancellationToken);

    /// <summary>Tests every credential.</summary>
    public Task<CheckedCredentials> CheckAllAsync(CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync("v1/health/check-all", null, SnakeCaseJson.Default.CheckedCredentials, cancellationToken);
}

/// <summary>Health of a host.</summary>
public sealed record ServiceHealth(
    string Status, string Agent, string Version, int? CredentialsCount, int? HealthyCount, int? UnknownCount, int? ExpiringCount,
    int? ExpiredCount,
    int? FailedCount, int? CannotRotateCount, string Encryption,
    DateTimeOffset? LastRotationCheck);

/// <summary>Health of all credentials.</summary>
public sealed record HealthDashboard(
    HealthSummary Summary, IReadOnlyList<CredentialHealth> Credentials, IReadOnlyList<CredentialAlert> Alerts, DateTimeOffset GeneratedAt);

/// <summary>The number of credentials of each kind.</summary>
public sealed record HealthSummary(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed);

/// <summary>Health of one credential.</summary>
public sealed record CredentialHealth(
    string Name, string Status, string Health, long? ExpiresInHours, DateTimeOffset? LastUsed, string? CannotRotate);

/// <summary>An alert about a credential.</summary>
public sealed record CredentialAlert(string Credential, string AlertType, string Message, DateTimeOffset CreatedAt);

/// <summary>Credentials that expire soon.</summary>
public sealed record ExpiringCredentials(IReadOnlyList<ExpiringCredential> Credentials, int Count, int ThresholdHours);

/// <summary>A credential that expires soon.</summary>
public sealed record ExpiringCredential(
    string Name, DateTimeOffset ExpiresAt, long ExpiresInHours, bool RotationEnabled, string? CannotRotate);

/// <summary>The result of testing every credential.</summary>
public sealed record CheckedCredentials(
    int Checked, int Healthy, int Unhealthy, IReadOnlyList<CheckedCredential> Details, int Skipped, SkippedCredentials? SkippedBecause,
    DateTimeOffset CheckedAt, long DurationMs, int? Total, int? Remaining);

/// <summary>Why credentials were not tested.</summary>
public sealed record SkippedCredentials(int ValueMissing, int TestNotConfigured);

/// <summary>The test result of one credential.</summary>
public sealed record CheckedCredential(string Name, string Status, string? Error, long ResponseTimeMs);

namespace Aegis.Sdk.Vault;

/// <summary>How host and credentials are.</summary>
public sealed class HealthApi
{
    private readonly Caller caller;

    internal HealthApi(Caller caller) => this.caller = caller;

    /// <summary>How the host is; numbers of credentials for those who may list them.</summary>
    public Task<ServiceHealth> GetAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/health", SnakeCaseJson.Default.ServiceHealth, cancellationToken);

    /// <summary>All credentials at a glance, with alerts.</summary>
    public Task<HealthDashboard> GetDashboardAsync(CancellationToken cancellationToken = default) =>
        caller.GetAsync("v1/health/dashboard", SnakeCaseJson.Default.HealthDashboard, cancellationToken);

    /// <summary>Credentials that end soon.</summary>
    public Task<ExpiringCredentials> GetExpiringAsync(int? thresholdHours = null, CancellationToken cancellationToken = default) =>
        caller.GetAsync(new Query("v1/health/expiring").With("threshold_hours", thresholdHours).ToString(),
            SnakeCaseJson.Default.ExpiringCredentials, cancellationToken);

    /// <summary>Tries every credential.</summary>
    public Task<CheckedCredentials> CheckAllAsync(CancellationToken cancellationToken = default) =>
        caller.PostPlainAsync("v1/health/check-all", null, SnakeCaseJson.Default.CheckedCredentials, cancellationToken);
}

/// <summary>How a host is.</summary>
public sealed record ServiceHealth(
    string Status, string Agent, string Version, int? CredentialsCount, int? HealthyCount, int? UnknownCount, int? ExpiringCount,
    int? ExpiredCount,
    int? FailedCount, int? CannotRotateCount, string Encryption,
    DateTimeOffset? LastRotationCheck);

/// <summary>All credentials at a glance.</summary>
public sealed record HealthDashboard(
    HealthSummary Summary, IReadOnlyList<CredentialHealth> Credentials, IReadOnlyList<CredentialAlert> Alerts, DateTimeOffset GeneratedAt);

/// <summary>How many there are of each kind.</summary>
public sealed record HealthSummary(int Total, int Healthy, int Unknown, int Expiring, int Expired, int Failed);

/// <summary>How one credential is.</summary>
public sealed record CredentialHealth(
    string Name, string Status, string Health, long? ExpiresInHours, DateTimeOffset? LastUsed, string? CannotRotate);

/// <summary>Something to look at.</summary>
public sealed record CredentialAlert(string Credential, string AlertType, string Message, DateTimeOffset CreatedAt);

/// <summary>Credentials that end soon.</summary>
public sealed record ExpiringCredentials(IReadOnlyList<ExpiringCredential> Credentials, int Count, int ThresholdHours);

/// <summary>A credential that ends soon.</summary>
public sealed record ExpiringCredential(
    string Name, DateTimeOffset ExpiresAt, long ExpiresInHours, bool RotationEnabled, string? CannotRotate);

/// <summary>What came of trying every credential.</summary>
public sealed record CheckedCredentials(
    int Checked, int Healthy, int Unhealthy, IReadOnlyList<CheckedCredential> Details, int Skipped, SkippedCredentials? SkippedBecause,
    DateTimeOffset CheckedAt, long DurationMs, int? Total, int? Remaining);

/// <summary>Why credentials were not tried.</summary>
public sealed record SkippedCredentials(int ValueMissing, int TestNotConfigured);

/// <summary>What came of trying one.</summary>
public sealed record CheckedCredential(string Name, string Status, string? Error, long ResponseTimeMs);

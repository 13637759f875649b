using Aegis.Contracts.Vault;

namespace Aegis.Vault.Credentials;

/// <summary>What is known about whether a credential works.</summary>
internal sealed partial class Credential
{
    public CredentialHealth Health { get; private set; }

    /// <summary>Why it is unhealthy: a stable code.</summary>
    public string? HealthCode { get; private set; }

    public DateTimeOffset? LastCheckedAt { get; private set; }

    /// <summary>When its owner was warned that it is expiring; null before, and again when its end changes.</summary>
    public DateTimeOffset? WarnedAt { get; private set; }

    /// <summary>When its owner was told that it has expired.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>True when it does not work or its rotation needs attention: of its kinds, the one that counts before all others.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>True when alerts are stored for it.</summary>
    public bool HasAlerts { get; private set; }

    /// <summary>Takes what a try at the provider said.</summary>
    /// <param name="code">Null when it works.</param>
    /// <param name="now">When it was tried.</param>
    public void Check(string? code, DateTimeOffset now)
    {
        Health = code is null ? CredentialHealth.Healthy : CredentialHealth.Unhealthy;
        HealthCode = code;
        LastCheckedAt = now;
        NoteFailure();
        Raise(new CredentialTested(Id, Name, code is null, code, Owner));
    }

    /// <summary>Tells once that the end is near, and once that it has come.</summary>
    public void Warn(DateTimeOffset now)
    {
        if (StatusAt(now) is CredentialStatus.Expired && EndedAt is null)
        {
            EndedAt = now;
            Raise(new CredentialExpired(Id, Name, ExpiresAt!.Value, Owner));
        }
        else if (StatusAt(now) is CredentialStatus.Expiring && WarnedAt is null)
        {
            WarnedAt = now;
            Raise(new CredentialExpiring(Id, Name, ExpiresAt!.Value, Owner));
        }
    }

    /// <summary>What a person should see about it now.</summary>
    public IEnumerable<AlertCause> Concerns()
    {
        if (IsRetired) yield break;
        if (EndedAt is { } ended) yield return new AlertCause(AlertType.Expired, null, ended);
        else if (WarnedAt is { } warned) yield return new AlertCause(AlertType.Expiring, null, warned);
        if (IsBarred) yield return new AlertCause(AlertType.CannotRotate, RotationNotConfigured, UpdatedAt);
        if (NeedsAttention) yield return new AlertCause(AlertType.RotationFailed, AttentionCode, UpdatedAt);
        if (Health is CredentialHealth.Unhealthy) yield return new AlertCause(AlertType.Unhealthy, HealthCode, LastCheckedAt!.Value);
    }

    /// <summary>Takes whether alerts are stored for it, so that a change of one that has none looks for none.</summary>
    public void NoteAlerts(bool any) => HasAlerts = any;

    private void NoteFailure()
    {
        IsFailed = Health is CredentialHealth.Unhealthy || NeedsAttention;
        if (!NeedsAttention) AttentionCode = null;
    }
}

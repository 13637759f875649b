using Aegis.Contracts.Vault;

namespace Aegis.Vault.Credentials;

/// <summary>What a caller sees of a credential's life; told from its times, so never stored.</summary>
internal enum CredentialStatus { Active, Expiring, Expired, Retired }

/// <summary>What the last try at the provider said.</summary>
internal enum CredentialHealth { Unknown, Healthy, Unhealthy }

/// <summary>
/// A secret under a name, with its versions, its rotation and its health. The values stand sealed in <see cref="CredentialVersion"/>.
/// </summary>
internal sealed partial class Credential : Entity
{
    private Credential(string id, string organizationId, string name)
        : base(id)
    {
        OrganizationId = organizationId;
        Name = name;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>Unique in the organization for ever: a retired one keeps it.</summary>
    public string Name { get; private set; } = "";

    public string CredentialType { get; private set; } = "";

    public string Provider { get; private set; } = "";

    public string? Description { get; private set; }

    public string? ProviderCredentialId { get; private set; }

    public List<string> Tags { get; private set; } = [];

    /// <summary>An object as JSON text.</summary>
    public string Metadata { get; private set; } = "{}";

    /// <summary><c>provider_config</c> without its secret members, as JSON text.</summary>
    public string Config { get; private set; } = "{}";

    /// <summary>The secret members of <c>provider_config</c>, or null when there are none.</summary>
    public byte[]? SealedConfig { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public int AlertThresholdHours { get; private set; }

    /// <summary>From when on it counts as expiring: the threshold before its end.</summary>
    public DateTimeOffset? AlertsAt { get; private set; }

    /// <summary>The version whose value is in use; 0 before the first one.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>The highest version there is. It stays above <see cref="CurrentVersion"/> after a rollback.</summary>
    public int LastVersion { get; private set; }

    public bool IsRetired { get; private set; }

    public DateTimeOffset? RetiredAt { get; private set; }

    /// <summary>When its sealed values were destroyed, long after it was retired; null while it can be restored.</summary>
    public DateTimeOffset? ValuesDestroyedAt { get; private set; }

    private string[] Owner => [OrganizationId];

    public static Credential Register(string id, string organizationId, string name, CredentialFacts facts, DateTimeOffset now)
    {
        var credential = new Credential(id, organizationId, name) { CreatedAt = now, UpdatedAt = now };
        credential.Take(facts);
        credential.Schedule(now);
        credential.Raise(new CredentialCreated(id, name, facts.Provider, credential.Owner));
        return credential;
    }

    /// <summary>Changes what was given; with nothing new nothing happens.</summary>
    /// <returns>The wire names of the members that changed.</returns>
    public IReadOnlyList<string> Update(CredentialFacts facts, DateTimeOffset now)
    {
        RequireInUse();
        var changed = facts.ChangesOf(Facts);
        if (changed.Count == 0) return changed;

        var could = !CannotRotate;
        Take(facts);
        UpdatedAt = now;
        if (changed.Any(DecidesWhenDue) || could == CannotRotate) Schedule(now);
        Raise(new CredentialUpdated(Id, Name, changed, Owner));
        return changed;
    }

    /// <summary>Everything else leaves the plan as it is: it must not put a rotation off for another interval.</summary>
    private bool DecidesWhenDue(string member) => member switch
    {
        "rotation_enabled" or "rotation_strategy" or "rotation_interval_hours" or "rotation_cron" => true,
        "expires_at" or "alert_threshold_hours" => RotationStrategy is Rotation.RotationStrategy.OnExpiry,
        _ => false,
    };

    /// <summary>Replaces the sealed members of <c>provider_config</c>.</summary>
    public void SealConfig(byte[]? sealedConfig) => SealedConfig = sealedConfig;

    /// <summary>Ends its use. Its versions stay, so that a leaked value is still recognized.</summary>
    public void Retire(DateTimeOffset now)
    {
        RequireInUse();
        RequireNoRotation();
        (RotationId, NeedsAttention) = (null, false);
        NoteFailure();
        IsRetired = true;
        RetiredAt = UpdatedAt = now;
        NextRotationAt = null;
        Raise(new CredentialRetired(Id, Name, Owner));
    }

    /// <summary>
    /// Brings it back as it was retired, with its rotation off, since nobody knows what became of the value in the meantime.
    /// </summary>
    /// <param name="within">How long after its retirement that is possible.</param>
    /// <param name="now">Now.</param>
    public void Restore(TimeSpan within, DateTimeOffset now)
    {
        if (!IsRetired) throw Refuse.Conflict("credential_not_retired", $"'{Name}' is not retired.");
        if (ValuesDestroyedAt is not null || now >= Later(RetiredAt!.Value, within))
            throw Refuse.Conflict("restore_too_late",
                $"'{Name}' was retired too long ago to be restored. Register a credential under another name.");

        (IsRetired, RetiredAt) = (false, null);
        UpdatedAt = now;
        (RotationEnabled, NextRotationAt) = (false, null);
        KeepsCopy = false;
        (Health, HealthCode) = (CredentialHealth.Unknown, null);
        NoteFailure();
        Raise(new CredentialRestored(Id, Name, CurrentVersion, Owner));
    }

    /// <summary>Notes that its sealed values are gone for good; the caller removes them in the same transaction.</summary>
    public void NoteValuesDestroyed(DateTimeOffset now)
    {
        if (!IsRetired) throw new InvalidOperationException($"{Id} is in use.");
        ValuesDestroyedAt = now;
        SealedConfig = null;
        KeepsCopy = false;
    }

    public CredentialStatus StatusAt(DateTimeOffset now) =>
        IsRetired ? CredentialStatus.Retired
        : ExpiresAt <= now ? CredentialStatus.Expired
        : AlertsAt <= now ? CredentialStatus.Expiring
        : CredentialStatus.Active;

    /// <summary>Refuses what cannot be done with a retired credential.</summary>
    public void RequireInUse()
    {
        if (IsRetired)
            throw Refuse.Conflict("credential_retired", $"'{Name}' is retired. Restore it, or register a credential under another name.");
    }

    /// <summary>Everything that a caller may set, as it is now.</summary>
    public CredentialFacts Facts => new(
        CredentialType, Provider, Description, ProviderCredentialId, Tags, Metadata, Config, SealedConfig is not null, ExpiresAt,
        AlertThresholdHours,
        new RotationPlan(RotationEnabled, RotationStrategy, RotationIntervalHours, RotationCron, RotationOverlapMinutes))
    {
        CannotRotate = CannotRotate,
    };

    private void Take(CredentialFacts facts)
    {
        CredentialType = facts.CredentialType;
        Provider = facts.Provider;
        Description = facts.Description;
        ProviderCredentialId = facts.ProviderCredentialId;
        Tags = [.. facts.Tags];
        Metadata = facts.Metadata;
        Config = facts.Config;
        AlertThresholdHours = facts.AlertThresholdHours;
        CannotRotate = facts.CannotRotate;
        Expire(facts.ExpiresAt);
        TakePlan(facts.Rotation);
    }

    /// <summary>Sets its end, and warns anew when the end is another one.</summary>
    private void Expire(DateTimeOffset? expiresAt)
    {
        var alertsAt = expiresAt is { } end ? Earlier(end, TimeSpan.FromHours(AlertThresholdHours)) : (DateTimeOffset?)null;
        if (expiresAt != ExpiresAt || alertsAt != AlertsAt) (WarnedAt, EndedAt) = (null, null);
        (ExpiresAt, AlertsAt) = (expiresAt, alertsAt);
    }

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) =>
        DateTimeOffset.MaxValue - time < by ? DateTimeOffset.MaxValue : time + by;

    private static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan by) =>
        time - DateTimeOffset.MinValue < by ? DateTimeOffset.MinValue : time - by;
}

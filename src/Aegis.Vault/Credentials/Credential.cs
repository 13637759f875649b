using Aegis.Contracts.Vault;
using Aegis.Kernel.Json;

namespace Aegis.Vault.Credentials;

/// <summary>
/// A named secret with its versions, its rotation plan and its health. The sealed values are in <see cref="CredentialVersion"/>.
/// This folder is the registry of credentials. <see cref="CredentialsController"/> lists, shows, registers, changes and retires them;
/// <see cref="Registry"/> makes those changes. <see cref="ProviderConfigs"/> splits <c>provider_config</c> into an open part and a sealed
/// part. <see cref="CredentialRules"/> and <see cref="CredentialNames"/> say what input is valid, and <see cref="Destinations"/> who may
/// decide where a value is sent. Each method below makes one whole transition of the row or refuses it. Two changes at once fail in the
/// save, by the row's revision.
/// </summary>
internal sealed class Credential : Entity
{
    /// <summary>The code for a credential whose provider cannot make values with its present configuration.</summary>
    public const string RotationNotConfigured = "rotation_not_configured";

    // A provider that returns values that have already expired is not asked again every minute.
    private static readonly TimeSpan DelayAfterExpiredValue = TimeSpan.FromMinutes(15);

    private Credential(string id, string organizationId, string name)
        : base(id)
    {
        OrganizationId = organizationId;
        Name = name;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>Unique in the organization for ever: a retired credential keeps its name.</summary>
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

    /// <summary>The time from which the credential counts as expiring: its expiry minus the threshold.</summary>
    public DateTimeOffset? AlertsAt { get; private set; }

    /// <summary>The version whose value is in use; 0 before the first one.</summary>
    public int CurrentVersion { get; private set; }

    /// <summary>The highest version number. It stays above <see cref="CurrentVersion"/> after a rollback.</summary>
    public int LastVersion { get; private set; }

    public bool IsRetired { get; private set; }
    public DateTimeOffset? RetiredAt { get; private set; }

    /// <summary>When the sealed values of a retired credential were destroyed; null while it can be restored.</summary>
    public DateTimeOffset? ValuesDestroyedAt { get; private set; }

    public bool RotationEnabled { get; private set; }
    public RotationStrategy RotationStrategy { get; private set; }
    public int RotationIntervalHours { get; private set; }
    public string? RotationCron { get; private set; }
    public int RotationOverlapMinutes { get; private set; }
    public DateTimeOffset? LastRotatedAt { get; private set; }

    /// <summary>When the next automatic rotation is due; null when none is planned.</summary>
    public DateTimeOffset? NextRotationAt { get; private set; }

    /// <summary>True when the provider cannot make a new value with the present configuration. No rotation is planned then.</summary>
    public bool CannotRotate { get; private set; }

    /// <summary>True when automatic rotation is on but impossible.</summary>
    public bool IsBarred => CannotRotate && RotationEnabled && RotationStrategy is not RotationStrategy.Manual;

    /// <summary>The rotation in progress, or null. A second one cannot begin while it is set.</summary>
    public string? RotationId { get; private set; }

    /// <summary>True when a rotation stopped without an end and a person must act.</summary>
    public bool NeedsAttention { get; private set; }

    /// <summary>Why it needs attention: a stable code.</summary>
    public string? AttentionCode { get; private set; }

    public CredentialHealth Health { get; private set; }

    /// <summary>Why it is unhealthy: a stable code.</summary>
    public string? HealthCode { get; private set; }

    public DateTimeOffset? LastCheckedAt { get; private set; }

    /// <summary>When its owner was warned that it is expiring. A change of the expiry resets it to null.</summary>
    public DateTimeOffset? WarnedAt { get; private set; }

    /// <summary>When its owner was told that it has expired.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>True when the value does not work or the rotation needs attention. In counts, this kind comes before all others.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>True when alerts are stored for it.</summary>
    public bool HasAlerts { get; private set; }

    /// <summary>True when a copy of the value in another system follows each change.</summary>
    public bool KeepsCopy { get; private set; }

    private string[] Owner => [OrganizationId];

    /// <summary>Everything that a caller may set, as it is now.</summary>
    public CredentialFacts Facts => new(
        CredentialType, Provider, Description, ProviderCredentialId, Tags, Metadata, Config, SealedConfig is not null, ExpiresAt,
        AlertThresholdHours,
        new RotationPlan(RotationEnabled, RotationStrategy, RotationIntervalHours, RotationCron, RotationOverlapMinutes))
    {
        CannotRotate = CannotRotate,
    };

    public static Credential Register(string id, string organizationId, string name, CredentialFacts facts, DateTimeOffset now)
    {
        var credential = new Credential(id, organizationId, name) { CreatedAt = now, UpdatedAt = now };
        credential.SetFacts(facts);
        credential.Schedule(now);
        credential.Raise(new CredentialCreated(id, name, facts.Provider, credential.Owner));
        return credential;
    }

    /// <summary>Applies the facts. When they equal the present ones, nothing happens.</summary>
    /// <returns>The wire names of the members that changed.</returns>
    public IReadOnlyList<string> Update(CredentialFacts facts, DateTimeOffset now)
    {
        RequireInUse();
        var changed = facts.ChangesOf(Facts);
        if (changed.Count == 0) return changed;

        var couldNotRotate = CannotRotate;
        SetFacts(facts);
        UpdatedAt = now;
        if (changed.Any(DecidesWhenDue) || couldNotRotate != CannotRotate) Schedule(now);
        Raise(new CredentialUpdated(Id, Name, changed, Owner));
        return changed;
    }

    /// <summary>A change of any other member keeps the due time, so that edits cannot postpone a rotation by another interval.</summary>
    private bool DecidesWhenDue(string member) => member switch
    {
        "rotation_enabled" or "rotation_strategy" or "rotation_interval_hours" or "rotation_cron" => true,
        "expires_at" or "alert_threshold_hours" => RotationStrategy is Rotation.RotationStrategy.OnExpiry,
        _ => false,
    };

    private void SetFacts(CredentialFacts facts)
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
        SetExpiry(facts.ExpiresAt);
        RotationEnabled = facts.Rotation.Enabled;
        RotationStrategy = facts.Rotation.Strategy;
        RotationIntervalHours = facts.Rotation.IntervalHours;
        RotationCron = facts.Rotation.Cron;
        RotationOverlapMinutes = facts.Rotation.OverlapMinutes;
    }

    /// <summary>Sets the expiry. When the expiry or the threshold changes, the owner is warned again.</summary>
    private void SetExpiry(DateTimeOffset? expiresAt)
    {
        var alertsAt = expiresAt is { } end ? end.Earlier(TimeSpan.FromHours(AlertThresholdHours)) : (DateTimeOffset?)null;
        if (expiresAt != ExpiresAt || alertsAt != AlertsAt) (WarnedAt, EndedAt) = (null, null);
        (ExpiresAt, AlertsAt) = (expiresAt, alertsAt);
    }

    /// <summary>Replaces the sealed members of <c>provider_config</c>.</summary>
    public void SealConfig(byte[]? sealedConfig) => SealedConfig = sealedConfig;

    /// <summary>Ends its use. Its versions stay, so that a leaked value is still recognized.</summary>
    public void Retire(DateTimeOffset now)
    {
        RequireInUse();
        RequireNoRotation();
        (RotationId, NeedsAttention) = (null, false);
        RefreshFailed();
        IsRetired = true;
        RetiredAt = UpdatedAt = now;
        NextRotationAt = null;
        Raise(new CredentialRetired(Id, Name, Owner));
    }

    /// <summary>
    /// Restores it with rotation and copies off and health unknown: nobody checked the value while the credential was retired.
    /// </summary>
    /// <param name="within">How long after its retirement it can be restored.</param>
    /// <param name="now">Now.</param>
    public void Restore(TimeSpan within, DateTimeOffset now)
    {
        if (!IsRetired) throw Refuse.Conflict("credential_not_retired", $"'{Name}' is not retired.");
        if (ValuesDestroyedAt is not null || now >= RetiredAt!.Value.Later(within))
            throw Refuse.Conflict("restore_too_late",
                $"'{Name}' was retired too long ago to be restored. Register a credential under another name.");

        (IsRetired, RetiredAt) = (false, null);
        UpdatedAt = now;
        (RotationEnabled, NextRotationAt) = (false, null);
        KeepsCopy = false;
        (Health, HealthCode) = (CredentialHealth.Unknown, null);
        RefreshFailed();
        Raise(new CredentialRestored(Id, Name, CurrentVersion, Owner));
    }

    /// <summary>Records that the sealed values are destroyed. The caller deletes them in the same transaction.</summary>
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

    /// <summary>Refuses the call when the credential is retired.</summary>
    public void RequireInUse()
    {
        if (IsRetired)
            throw Refuse.Conflict("credential_retired", $"'{Name}' is retired. Restore it, or register a credential under another name.");
    }

    /// <summary>Adds a version for the first value, or for a value that was set by hand, and makes it current.</summary>
    /// <returns>The number of the new version.</returns>
    public int TakeValue(DateTimeOffset now)
    {
        RequireInUse();
        RequireNoRotation();
        var first = LastVersion == 0;
        CurrentVersion = ++LastVersion;
        (RotationId, NeedsAttention) = (null, false);
        UpdatedAt = now;
        Schedule(now);
        Health = CredentialHealth.Unknown;
        HealthCode = null;
        RefreshFailed();
        if (!first || CreatedAt != now) Raise(new CredentialValueSet(Id, Name, CurrentVersion, Owner) { HasCopy = KeepsCopy });
        return CurrentVersion;
    }

    /// <summary>Adds a version that is not put to use: the value of a rotation that was given up.</summary>
    /// <returns>Its number.</returns>
    public int KeepVersion() => ++LastVersion;

    /// <summary>Records that a rotation begins.</summary>
    public void BeginRotation(string rotationId, RotationTrigger trigger, DateTimeOffset now)
    {
        RequireInUse();
        RequireNoRotation();
        UpdatedAt = now;
        (RotationId, NeedsAttention) = (rotationId, false);
        RefreshFailed();
        Raise(new CredentialRotationStarted(Id, Name, rotationId, trigger.WireName(), Owner));
    }

    /// <summary>Makes the new value current; the old version stays for rollback.</summary>
    /// <param name="run">The rotation that made the value.</param>
    /// <param name="expiresAt">When the provider says the new value expires, or null when it says nothing.</param>
    /// <param name="lifetime">How long earlier values of this credential lived, or null when they did not expire.</param>
    /// <param name="now">Now.</param>
    /// <returns>The number of the new version.</returns>
    public int FinishRotation(RotationRun run, DateTimeOffset? expiresAt, TimeSpan? lifetime, DateTimeOffset now)
    {
        if (RotationId != run.Id) throw new InvalidOperationException($"{Id} is not being rotated by {run.Id}.");
        var previous = CurrentVersion;
        CurrentVersion = ++LastVersion;
        (RotationId, NeedsAttention) = (null, false);
        SetHealthAfter(run, now);
        LastRotatedAt = UpdatedAt = now;
        SetExpiry(expiresAt ?? (lifetime is { } life ? now.Later(life) : null));
        Schedule(now);
        if (RotationStrategy is RotationStrategy.OnExpiry && ExpiresAt <= now && NextRotationAt is not null)
            NextRotationAt = now + DelayAfterExpiredValue;
        RefreshFailed();
        Raise(new CredentialRotated(Id, Name, run.Id, run.Trigger.WireName(), previous == 0 ? null : previous, CurrentVersion,
            Owner)
        { HasCopy = KeepsCopy }, actor: run.Actor);
        return CurrentVersion;
    }

    /// <summary>Makes an older version current again, after the provider accepted it.</summary>
    public void RollBack(RotationRun run, int version, DateTimeOffset now)
    {
        var from = CurrentVersion;
        CurrentVersion = version;
        (RotationId, NeedsAttention) = (null, false);
        UpdatedAt = now;
        SetHealthAfter(run, now);
        if (NextRotationAt is null) Schedule(now); // a failed rotation removed it from the schedule
        RefreshFailed();
        Raise(new CredentialRolledBack(Id, Name, from, version, Owner) { HasCopy = KeepsCopy }, actor: run.Actor);
    }

    /// <summary>A value that was tested before it came into use is healthy. The health of an untested one is unknown.</summary>
    private void SetHealthAfter(RotationRun run, DateTimeOffset now)
    {
        HealthCode = null;
        if (run.IsUnproven) Health = CredentialHealth.Unknown;
        else (Health, LastCheckedAt) = (CredentialHealth.Healthy, now);
    }

    /// <summary>Stops the rotation until a person acts. The next call to rotate continues it from its last step.</summary>
    public void FailRotation(RotationRun? run, string code, DateTimeOffset now)
    {
        (NeedsAttention, AttentionCode) = (true, code);
        NextRotationAt = null;
        UpdatedAt = now;
        RefreshFailed();
        Raise(new CredentialRotationFailed(Id, Name, run?.Id, code, Owner), actor: run?.Actor);
    }

    /// <summary>Ends a rotation that changed nothing.</summary>
    public void AbandonRotation(DateTimeOffset now)
    {
        (RotationId, NeedsAttention) = (null, false);
        Schedule(now);
        RefreshFailed();
    }

    /// <summary>Continues a rotation that needed attention.</summary>
    public void ResumeRotation(DateTimeOffset now)
    {
        RequireInUse();
        NeedsAttention = false;
        UpdatedAt = now;
        RefreshFailed();
    }

    public void OldValueEnded(RotationRun run, int version) =>
        Raise(new CredentialOldValueEnded(Id, Name, version, Owner), actor: run.Actor);

    /// <summary>Refuses the call while a rotation is in progress.</summary>
    public void RequireNoRotation()
    {
        if (RotationId is not null && !NeedsAttention) throw RotationRun.UnderWay(RotationId);
    }

    /// <summary>Removes it from the schedule: its provider cannot make a value, or its cron expression is no longer readable.</summary>
    public void Bar(DateTimeOffset now)
    {
        (CannotRotate, UpdatedAt) = (true, now);
        Schedule(now);
        Raise(new CredentialRotationFailed(Id, Name, null, RotationNotConfigured, Owner));
    }

    /// <summary>Computes when it is due next.</summary>
    private void Schedule(DateTimeOffset now)
    {
        if (!RotationEnabled || RotationStrategy is RotationStrategy.Manual || NeedsAttention || CannotRotate) NextRotationAt = null;
        else if (RotationStrategy is not RotationStrategy.OnExpiry)
            NextRotationAt = DueTimes.Next(Id, RotationCron, TimeSpan.FromHours(RotationIntervalHours), now);
        else NextRotationAt = ExpiresAt is { } end ? DueTimes.BeforeEnd(end, TimeSpan.FromHours(AlertThresholdHours), now) : null;
    }

    /// <summary>Records the result of a test at the provider.</summary>
    /// <param name="code">Null when the value works.</param>
    /// <param name="now">When it was tested.</param>
    public void Check(string? code, DateTimeOffset now)
    {
        Health = code is null ? CredentialHealth.Healthy : CredentialHealth.Unhealthy;
        HealthCode = code;
        LastCheckedAt = now;
        RefreshFailed();
        Raise(new CredentialTested(Id, Name, code is null, code, Owner));
    }

    /// <summary>Warns the owner once that the credential expires soon, and once that it has expired.</summary>
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

    /// <summary>The alerts that a person should see now.</summary>
    public IEnumerable<AlertCause> AlertCauses()
    {
        if (IsRetired) yield break;
        if (EndedAt is { } ended) yield return new AlertCause(AlertType.Expired, null, ended);
        else if (WarnedAt is { } warned) yield return new AlertCause(AlertType.Expiring, null, warned);
        if (IsBarred) yield return new AlertCause(AlertType.CannotRotate, RotationNotConfigured, UpdatedAt);
        if (NeedsAttention) yield return new AlertCause(AlertType.RotationFailed, AttentionCode, UpdatedAt);
        if (Health is CredentialHealth.Unhealthy) yield return new AlertCause(AlertType.Unhealthy, HealthCode, LastCheckedAt!.Value);
    }

    /// <summary>Records whether alerts are stored, so that a save of a credential without alerts needs no query for them.</summary>
    public void NoteAlerts(bool any) => HasAlerts = any;

    private void RefreshFailed()
    {
        IsFailed = Health is CredentialHealth.Unhealthy || NeedsAttention;
        if (!NeedsAttention) AttentionCode = null;
    }

    public void KeepCopy(bool keep) => KeepsCopy = keep;

    /// <summary>Raises the event that a node of a workflow uses it.</summary>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="onBehalfOf">For whom the caller did it, or null.</param>
    public void NoteApplied(string workflowId, string node, string? onBehalfOf) =>
        Raise(new CredentialApplied(Id, Name, $"{workflowId}/{node}", onBehalfOf, Owner));

    /// <summary>Raises the event that a comparison with the provider's list found changes.</summary>
    public void NoteSynced(IReadOnlyList<string> changes) => Raise(new CredentialSynced(Id, Name, changes, Owner));
}

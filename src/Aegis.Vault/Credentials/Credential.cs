using Aegis.Contracts.Vault;
using Aegis.Kernel.Json;

namespace Aegis.Vault.Credentials;

/// <summary>
/// A secret under a name, with its versions, its rotation and its health. The values stand sealed in <see cref="CredentialVersion"/>.
/// </summary>
internal sealed class Credential : Entity
{
    /// <summary>Why a credential cannot be rotated whose provider cannot make values as it is configured.</summary>
    public const string RotationNotConfigured = "rotation_not_configured";

    // a provider that gives out values that have ended is not asked every minute
    private static readonly TimeSpan RestAfterDeadValue = TimeSpan.FromMinutes(15);

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
        if (ValuesDestroyedAt is not null || now >= RetiredAt!.Value.Later(within))
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
        var alertsAt = expiresAt is { } end ? end.Earlier(TimeSpan.FromHours(AlertThresholdHours)) : (DateTimeOffset?)null;
        if (expiresAt != ExpiresAt || alertsAt != AlertsAt) (WarnedAt, EndedAt) = (null, null);
        (ExpiresAt, AlertsAt) = (expiresAt, alertsAt);
    }

    public bool RotationEnabled { get; private set; }

    public RotationStrategy RotationStrategy { get; private set; }

    public int RotationIntervalHours { get; private set; }

    public string? RotationCron { get; private set; }

    public int RotationOverlapMinutes { get; private set; }

    public DateTimeOffset? LastRotatedAt { get; private set; }

    /// <summary>When it is due by itself; null when it never is.</summary>
    public DateTimeOffset? NextRotationAt { get; private set; }

    /// <summary>True when its provider cannot make a new value as it is configured: then it is never due.</summary>
    public bool CannotRotate { get; private set; }

    /// <summary>True when it is to rotate by itself and cannot.</summary>
    public bool IsBarred => CannotRotate && RotationEnabled && RotationStrategy is not RotationStrategy.Manual;

    /// <summary>The rotation under way, or null. It keeps a second one out.</summary>
    public string? RotationId { get; private set; }

    /// <summary>True when a rotation came to no end and a person must look.</summary>
    public bool NeedsAttention { get; private set; }

    /// <summary>Why it needs attention: a stable code.</summary>
    public string? AttentionCode { get; private set; }

    /// <summary>Takes the first value, or one that was set by hand.</summary>
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
        NoteFailure();
        if (!first || CreatedAt != now) Raise(new CredentialValueSet(Id, Name, CurrentVersion, Owner) { HasCopy = KeepsCopy });
        return CurrentVersion;
    }

    /// <summary>Writes down that a rotation begins.</summary>
    public void BeginRotation(string rotationId, RotationTrigger trigger, DateTimeOffset now)
    {
        RequireInUse();
        RequireNoRotation();
        UpdatedAt = now;
        (RotationId, NeedsAttention) = (rotationId, false);
        NoteFailure();
        Raise(new CredentialRotationStarted(Id, Name, rotationId, trigger.WireName(), Owner));
    }

    /// <summary>Makes the new value current; the old version stays for rollback.</summary>
    /// <param name="run">What made the value.</param>
    /// <param name="expiresAt">When the provider ends the new value by itself, or null when it says nothing.</param>
    /// <param name="lifetime">How long values of this credential lived so far, or null when they did not end.</param>
    /// <param name="now">Now.</param>
    /// <returns>The number of the new version.</returns>
    public int FinishRotation(RotationRun run, DateTimeOffset? expiresAt, TimeSpan? lifetime, DateTimeOffset now)
    {
        if (RotationId != run.Id) throw new InvalidOperationException($"{Id} is not being rotated by {run.Id}.");
        var previous = CurrentVersion;
        CurrentVersion = ++LastVersion;
        (RotationId, NeedsAttention) = (null, false);
        Adopt(run, now);
        LastRotatedAt = UpdatedAt = now;
        Expire(expiresAt ?? (lifetime is { } life ? now.Later(life) : null));
        Schedule(now);
        if (RotationStrategy is RotationStrategy.OnExpiry && ExpiresAt <= now && NextRotationAt is not null)
            NextRotationAt = now + RestAfterDeadValue;
        NoteFailure();
        Raise(new CredentialRotated(Id, Name, run.Id, run.Trigger.WireName(), previous == 0 ? null : previous, CurrentVersion,
            Owner)
        { HasCopy = KeepsCopy }, actor: run.Actor);
        return CurrentVersion;
    }

    /// <summary>A value that was tried before it came into use works; of one that could not be tried nothing is known.</summary>
    private void Adopt(RotationRun run, DateTimeOffset now)
    {
        HealthCode = null;
        if (run.IsUnproven) Health = CredentialHealth.Unknown;
        else (Health, LastCheckedAt) = (CredentialHealth.Healthy, now);
    }

    /// <summary>Takes a version that is not put to use: the value of a rotation that was given up.</summary>
    /// <returns>Its number.</returns>
    public int KeepVersion() => ++LastVersion;

    /// <summary>Makes an older version current again, after the provider accepted it.</summary>
    public void RollBack(RotationRun run, int version, DateTimeOffset now)
    {
        var from = CurrentVersion;
        CurrentVersion = version;
        (RotationId, NeedsAttention) = (null, false);
        UpdatedAt = now;
        Adopt(run, now);
        if (NextRotationAt is null) Schedule(now); // a failed rotation took it out of the plan
        NoteFailure();
        Raise(new CredentialRolledBack(Id, Name, from, version, Owner) { HasCopy = KeepsCopy }, actor: run.Actor);
    }

    /// <summary>Gives the rotation up until a person looks; the next one goes on from where it stands.</summary>
    public void FailRotation(RotationRun? run, string code, DateTimeOffset now)
    {
        (NeedsAttention, AttentionCode) = (true, code);
        NextRotationAt = null;
        UpdatedAt = now;
        NoteFailure();
        Raise(new CredentialRotationFailed(Id, Name, run?.Id, code, Owner), actor: run?.Actor);
    }

    /// <summary>Ends a rotation that changed nothing.</summary>
    public void AbandonRotation(DateTimeOffset now)
    {
        (RotationId, NeedsAttention) = (null, false);
        Schedule(now);
        NoteFailure();
    }

    /// <summary>Takes up again what needed a person's attention.</summary>
    public void ResumeRotation(DateTimeOffset now)
    {
        RequireInUse();
        NeedsAttention = false;
        UpdatedAt = now;
        NoteFailure();
    }

    public void OldValueEnded(RotationRun run, int version) =>
        Raise(new CredentialOldValueEnded(Id, Name, version, Owner), actor: run.Actor);

    /// <summary>Refuses what must not happen while a rotation is under way.</summary>
    public void RequireNoRotation()
    {
        if (RotationId is not null && !NeedsAttention) throw RotationRun.UnderWay(RotationId);
    }

    /// <summary>Takes it out of the plan, since its provider cannot make a value, or its cron expression cannot be read any more.</summary>
    public void Bar(DateTimeOffset now)
    {
        (CannotRotate, UpdatedAt) = (true, now);
        Schedule(now);
        Raise(new CredentialRotationFailed(Id, Name, null, RotationNotConfigured, Owner));
    }

    /// <summary>Finds out when it is due next.</summary>
    private void Schedule(DateTimeOffset now)
    {
        if (!RotationEnabled || RotationStrategy is RotationStrategy.Manual || NeedsAttention || CannotRotate) NextRotationAt = null;
        else if (RotationStrategy is not RotationStrategy.OnExpiry)
            NextRotationAt = DueTimes.Next(Id, RotationCron, TimeSpan.FromHours(RotationIntervalHours), now);
        else NextRotationAt = ExpiresAt is { } end ? DueTimes.BeforeEnd(end, TimeSpan.FromHours(AlertThresholdHours), now) : null;
    }

    private void TakePlan(RotationPlan plan)
    {
        RotationEnabled = plan.Enabled;
        RotationStrategy = plan.Strategy;
        RotationIntervalHours = plan.IntervalHours;
        RotationCron = plan.Cron;
        RotationOverlapMinutes = plan.OverlapMinutes;
    }

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

    /// <summary>True when a copy of its value follows it somewhere else.</summary>
    public bool KeepsCopy { get; private set; }

    /// <summary>Says that a copy follows it from now on, or no longer.</summary>
    public void KeepCopy(bool keep) => KeepsCopy = keep;

    /// <summary>Announces that a node of a workflow uses it.</summary>
    /// <param name="workflowId">The workflow.</param>
    /// <param name="node">Name of the node.</param>
    /// <param name="onBehalfOf">Whom the caller did it for, or null.</param>
    public void NoteApplied(string workflowId, string node, string? onBehalfOf) =>
        Raise(new CredentialApplied(Id, Name, $"{workflowId}/{node}", onBehalfOf, Owner));

    /// <summary>Announces what a comparison with the provider's list found.</summary>
    public void NoteSynced(IReadOnlyList<string> changes) => Raise(new CredentialSynced(Id, Name, changes, Owner));
}

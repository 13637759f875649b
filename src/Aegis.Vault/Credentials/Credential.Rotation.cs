using Aegis.Contracts.Vault;
using Aegis.Kernel.Json;

namespace Aegis.Vault.Credentials;

/// <summary>How a credential comes to new values.</summary>
internal sealed partial class Credential
{
    // on_expiry begins this long before the end, so that there is time to repeat
    private static readonly TimeSpan MaxLead = TimeSpan.FromDays(1);
    // a provider that gives out values that have ended is not asked every minute
    private static readonly TimeSpan RestAfterDeadValue = TimeSpan.FromMinutes(15);
    private const int RetryHintMs = 5000;

    /// <summary>Why a credential cannot be rotated whose provider cannot make values as it is configured.</summary>
    public const string RotationNotConfigured = "rotation_not_configured";

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
        Expire(expiresAt ?? (lifetime is { } life ? Later(now, life) : null));
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
        if (RotationId is not null && !NeedsAttention) throw Rotating(RotationId);
    }

    /// <summary>What a call gets while a rotation works on the credential.</summary>
    public static RefusedException Rotating(string rotationId) =>
        Refuse.Conflict("credential_rotating", "Credential is currently being rotated")
            .With("retry_after_ms", RetryHintMs).With(Problem.RetryAfter, RetryHintMs / 1000).With("rotation", rotationId);

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
        if (!RotationEnabled || RotationStrategy is RotationStrategy.Manual || NeedsAttention || CannotRotate)
        {
            NextRotationAt = null;
            return;
        }

        if (RotationStrategy is RotationStrategy.OnExpiry)
        {
            NextRotationAt = ExpiresAt is { } end ? Earlier(end, LeadBefore(end, now)) : null;
            return;
        }

        NextRotationAt = DueTimes.Next(Id, RotationCron, TimeSpan.FromHours(RotationIntervalHours), now);
    }

    /// <summary>
    /// How long before its end a value is followed by the next. A short life is used by half: otherwise each new value would be due as soon
    /// as it is made.
    /// </summary>
    private TimeSpan LeadBefore(DateTimeOffset end, DateTimeOffset now)
    {
        var half = end > now ? (end - now) / 2 : TimeSpan.Zero;
        return Shorter(Shorter(TimeSpan.FromHours(AlertThresholdHours), MaxLead), half);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void TakePlan(RotationPlan plan)
    {
        RotationEnabled = plan.Enabled;
        RotationStrategy = plan.Strategy;
        RotationIntervalHours = plan.IntervalHours;
        RotationCron = plan.Cron;
        RotationOverlapMinutes = plan.OverlapMinutes;
    }
}

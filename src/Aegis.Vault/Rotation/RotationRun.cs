using Aegis.Kernel.Auditing;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Rotation;

/// <summary>The next step. The first four are those of AWS Secrets Manager.</summary>
internal enum RotationStep { Create, Set, Test, Finish, Revoke, Done }

internal enum RotationState
{
    /// <summary>The new value is not in use yet.</summary>
    Running,

    /// <summary>The new value is in use; the old one has still to be revoked.</summary>
    Ending,

    /// <summary>Nothing is left to do.</summary>
    Done,

    /// <summary>It ended without changing anything.</summary>
    Abandoned,

    /// <summary>It continues only when a person asks for it.</summary>
    NeedsAttention,
}

/// <summary>
/// One rotation or one rollback, from its start to its end. Each step is saved before the next one calls the provider, so that the host
/// that continues after a crash knows what may have happened there.
/// <see cref="Rotator"/> begins runs, for <see cref="RotationController"/> on a call and for <see cref="RotateDueJob"/> on a schedule.
/// <see cref="RotationRunner"/> finds the runs that are due and gives each to <see cref="RotationWork"/>. That takes the lease, has
/// <see cref="Targets"/> collect the provider and the values, and runs one step of <see cref="RotationSteps"/> or
/// <see cref="RotationEndings"/>. Any call to a provider may fail: the step is retried with a backoff, and after <see cref="MaxRetries"/>
/// failures, or when the configuration is wrong, the run waits for a person.
/// </summary>
internal sealed class RotationRun : Entity
{
    public const int MaxNewValues = 3; // new values for one rotation: more would only fill the provider
    public const int MaxRetries = 12; // with the backoff below: about two hours
    private const int RetryHintMs = 5000;

    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(10); // longer than a server takes to reload its users
    private static readonly TimeSpan ShortDelay = TimeSpan.FromSeconds(1);
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(5), Factor: 2, TimeSpan.FromMinutes(15));

    private RotationRun(string id)
        : base(id)
    {
    }

    public string CredentialId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string Provider { get; private set; } = "";

    public RotationTrigger Trigger { get; private set; }

    /// <summary>Who asked for it, as JSON text for the audit entries of its events; null when a schedule began it.</summary>
    public string? StartedBy { get; private set; }

    public AuditActor? Actor => StartedBy is null ? null : JsonSerializer.Deserialize<AuditActor>(StartedBy);

    /// <summary>The caller's reason, or null.</summary>
    public string? Note { get; private set; }

    public RotationState State { get; private set; }

    public RotationStep Step { get; private set; }

    /// <summary>The version in use when it began; 0 when there was none.</summary>
    public int FromVersion { get; private set; }

    /// <summary>For a rollback, the version to go back to.</summary>
    public int? RollbackTo { get; private set; }

    /// <summary>The version that it made current; null until then.</summary>
    public int? NewVersion { get; private set; }

    /// <summary>The number of the candidate value. It goes up each time the provider rejects one.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>How often the current step was begun. More than once means that its work may already be done.</summary>
    public int Tries { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>The candidate (the new value before it is current), sealed for this row and attempt.</summary>
    public byte[]? SealedCandidate { get; private set; }

    public string? CandidateHandle { get; private set; }

    public DateTimeOffset? CandidateExpiresAt { get; private set; }

    /// <summary>True when the target confirmed that it accepted the candidate.</summary>
    public bool IsSetConfirmed { get; private set; }

    /// <summary>When the target first refused the value in use after it accepted the candidate; null until then.</summary>
    public DateTimeOffset? OldRefusedAt { get; private set; }

    /// <summary>True when the new value came into use without a test login.</summary>
    public bool IsUnproven { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When the new value became current.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>When the next step is due.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The lease of the host that works on it ends at this time.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    public bool IsRollback => RollbackTo is not null;

    /// <summary>Warnings for the caller, or null.</summary>
    public IReadOnlyList<string>? Warnings => IsUnproven ? ["unproven"] : null;

    public static RotationRun Begin(
        string id, RotatedCredential credential, RotationTrigger trigger, RotationOrigin origin, DateTimeOffset now) =>
        new(id)
        {
            CredentialId = credential.Id,
            OrganizationId = credential.OrganizationId,
            Provider = credential.Provider,
            Trigger = trigger,
            StartedBy = origin.ByAsJson,
            Note = origin.Note,
            FromVersion = credential.Version,
            Step = RotationStep.Create,
            StartedAt = now,
            DueAt = now,
        };

    /// <summary>Begins a rollback. Its candidate is the old version's value, so there is nothing to create.</summary>
    public static RotationRun BeginRollback(
        string id, RotatedCredential credential, int toVersion, RotationOrigin origin, DateTimeOffset now)
    {
        var run = Begin(id, credential, RotationTrigger.Manual, origin, now);
        run.RollbackTo = toVersion;
        run.Step = RotationStep.Set;
        return run;
    }

    /// <summary>Stores the candidate before the target gets it.</summary>
    public void Propose(byte[] sealedCandidate, HeldValue candidate)
    {
        SealedCandidate = sealedCandidate;
        CandidateHandle = candidate.Handle;
        CandidateExpiresAt = candidate.ExpiresAt;
        GoTo(RotationStep.Set);
    }

    /// <summary>Records when the candidate expires, for targets that say so only in a test.</summary>
    public void NoteEnd(DateTimeOffset? expiresAt) => CandidateExpiresAt ??= expiresAt;

    /// <summary>Records that the target accepted the candidate.</summary>
    public void ConfirmSet()
    {
        IsSetConfirmed = true;
        OldRefusedAt = null;
        GoTo(RotationStep.Test);
    }

    /// <summary>
    /// Records that the target has no free connection to test the candidate, and refuses the value that was in use. The first time may be
    /// chance. The second time, a while later, the candidate is assumed to be in force.
    /// </summary>
    /// <param name="tested">Why the candidate could not be tested.</param>
    /// <param name="now">Now.</param>
    public void NoteOldRefused(Tested tested, DateTimeOffset now)
    {
        (Failures, ErrorCode, ErrorMessage) = (0, tested.Code, tested.Message);
        if (OldRefusedAt is { } first && now - first >= BetweenRefusals)
        {
            IsUnproven = true;
            GoTo(RotationStep.Finish);
            return;
        }

        OldRefusedAt ??= now;
        DueAt = OldRefusedAt.Value + BetweenRefusals;
    }

    /// <summary>Goes to a step after progress, with its own counts of tries and failures.</summary>
    public void GoTo(RotationStep step)
    {
        Step = step;
        (Tries, Failures) = (0, 0);
    }

    /// <summary>Discards the candidate, so that a new one is made.</summary>
    public void TakeFreshValue()
    {
        Attempt++;
        SealedCandidate = null;
        CandidateHandle = null;
        CandidateExpiresAt = null;
        (IsSetConfirmed, OldRefusedAt) = (false, null);
        Step = RotationStep.Create;
        Tries = 1; // more than 0, so that Create first removes what the discarded one left at the provider
    }

    /// <summary>Records that the new value is current. The old one is still to be revoked, at once when no overlap is wanted.</summary>
    /// <param name="newVersion">The version that is current now.</param>
    /// <param name="endOldAt">When to revoke the old value at the provider; null when there is nothing to revoke.</param>
    /// <param name="now">Now.</param>
    public void Finish(int newVersion, DateTimeOffset? endOldAt, DateTimeOffset now)
    {
        NewVersion = newVersion;
        FinishedAt = now;
        SealedCandidate = null; // its version has the value now
        (Failures, ErrorCode, ErrorMessage) = (0, null, null);
        State = endOldAt is null ? RotationState.Done : RotationState.Ending;
        DueAt = endOldAt ?? now;
        GoTo(endOldAt is null ? RotationStep.Done : RotationStep.Revoke);
    }

    /// <summary>Makes the revocation of the old value due now.</summary>
    public void EndOldValueNow(DateTimeOffset now)
    {
        if (State is RotationState.Ending && DueAt > now) DueAt = now;
    }

    /// <summary>Records that the old value is revoked too.</summary>
    public void Close()
    {
        State = RotationState.Done;
        (Failures, ErrorCode, ErrorMessage) = (0, null, null);
        GoTo(RotationStep.Done);
    }

    /// <summary>Ends it without a change at the credential.</summary>
    public void Abandon(string code, string message, DateTimeOffset now)
    {
        State = RotationState.Abandoned;
        FinishedAt = now;
        SealedCandidate = null;
        (ErrorCode, ErrorMessage) = (code, message);
        GoTo(RotationStep.Done);
    }

    /// <summary>True when a host should work on it now.</summary>
    public bool IsDue(DateTimeOffset now, RowLease lease) =>
        State is RotationState.Running or RotationState.Ending && DueAt <= now && lease.IsFree(LeaseUntil, now);

    /// <summary>True while a host works on a step of it.</summary>
    public bool IsLeased(DateTimeOffset now, RowLease lease) => !lease.IsFree(LeaseUntil, now);

    /// <summary>Takes the lease for one step. When two hosts try, the save lets one of them win.</summary>
    public void Claim(DateTimeOffset until)
    {
        LeaseUntil = until;
        Tries++;
    }

    public void Release() => LeaseUntil = null;

    /// <summary>
    /// Postpones the step because something else must come first; this is no failure. It always changes the row, so a host that claims it
    /// at the same time fails in its save.
    /// </summary>
    public void Postpone(DateTimeOffset now)
    {
        LeaseUntil = null;
        DueAt = (DueAt > now ? DueAt : now) + ShortDelay;
    }

    /// <summary>
    /// Retries the step later, after a longer delay each time. It stops for a person when it failed too often or when a retry cannot help.
    /// </summary>
    /// <param name="failure">What the provider said.</param>
    /// <param name="jitter">0 to 1. It spreads the retries of rotations that failed together.</param>
    /// <param name="now">Now.</param>
    public void Fail(ProviderException failure, double jitter, DateTimeOffset now)
    {
        Failures++;
        LeaseUntil = null;
        (ErrorCode, ErrorMessage) = (failure.Code, failure.Message);
        if (failure.Fault is ProviderFault.Misconfigured || Failures >= MaxRetries)
        {
            State = RotationState.NeedsAttention;
            return;
        }

        DueAt = now + Backoff.After(Failures, jitter);
    }

    /// <summary>Continues from its last step, because a person asked for it.</summary>
    public void Resume(RotationTrigger trigger, RotationOrigin origin, DateTimeOffset now)
    {
        State = NewVersion is null ? RotationState.Running : RotationState.Ending;
        Trigger = trigger;
        StartedBy = origin.ByAsJson;
        Note = origin.Note ?? Note;
        Failures = 0;
        LeaseUntil = null;
        DueAt = now;
    }

    /// <summary>The refusal of a call while a rotation of the credential is in progress.</summary>
    public static RefusedException UnderWay(string rotationId) =>
        Refuse.Conflict("credential_rotating", "Credential is currently being rotated")
            .With("retry_after_ms", RetryHintMs).With(Problem.RetryAfter, RetryHintMs / 1000).With("rotation", rotationId);
}

/// <summary>Who asked for a rotation and why; both null when a schedule began it.</summary>
/// <param name="By">The API key or user.</param>
/// <param name="Note">The reason they gave.</param>
internal sealed record RotationOrigin(AuditActor? By, string? Note)
{
    public string? ByAsJson => By is null ? null : JsonSerializer.Serialize(By);
}

/// <summary>The credential as it is when its rotation begins.</summary>
internal sealed record RotatedCredential(string Id, string OrganizationId, string Provider, int Version);

internal sealed class RotationRunMap : IEntityTypeConfiguration<RotationRun>
{
    public const int MessageLength = 500;
    private const int StarterLength = 1000;

    public void Configure(EntityTypeBuilder<RotationRun> e)
    {
        e.ToTable("rotations");
        e.Property(x => x.Provider).HasMaxLength(Credentials.CredentialMap.ProviderLength);
        e.Property(x => x.Note).HasMaxLength(Credentials.CredentialVersionMap.NoteLength);
        e.Ignore(x => x.Actor).Ignore(x => x.Warnings);
        e.Property(x => x.StartedBy).HasMaxLength(StarterLength);
        e.Property(x => x.CandidateHandle).HasMaxLength(Credentials.CredentialVersionMap.HandleLength);
        e.Property(x => x.SealedCandidate).IsSealed(CredentialSeal.Candidate, nameof(RotationRun.Id), nameof(RotationRun.Attempt));
        e.Property(x => x.ErrorCode).HasMaxLength(Credentials.CredentialMap.CodeLength);
        e.Property(x => x.ErrorMessage).HasMaxLength(MessageLength);

        // For the rotations that are due, and for the history of one credential.
        e.HasIndex(x => new { x.State, x.DueAt });
        e.HasIndex(x => new { x.CredentialId, x.Id });
    }
}

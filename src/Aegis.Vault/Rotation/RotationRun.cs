using Aegis.Kernel.Auditing;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Kernel.Work;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Rotation;

/// <summary>The step that is next; the first four are those of AWS Secrets Manager.</summary>
internal enum RotationStep { Create, Set, Test, Finish, Revoke, Done }

internal enum RotationState
{
    /// <summary>On its way to a new value.</summary>
    Running,

    /// <summary>The new value is in use; the old one waits for its end.</summary>
    Ending,

    /// <summary>Nothing is left to do.</summary>
    Done,

    /// <summary>It ended without changing anything.</summary>
    Abandoned,

    /// <summary>It goes on only when a person asks for it.</summary>
    NeedsAttention,
}

/// <summary>
/// One rotation, or one rollback, from its intent to its end. Each step is written down before the next one touches the provider, so that
/// whoever finds the row after a kill knows what may have happened there.
/// </summary>
internal sealed class RotationRun : Entity
{
    private const int RetryHintMs = 5000;

    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(10); // longer than a server takes to read its users again

    private RotationRun(string id)
        : base(id)
    {
    }

    public string CredentialId { get; private set; } = "";

    public string OrganizationId { get; private set; } = "";

    public string Provider { get; private set; } = "";

    public RotationTrigger Trigger { get; private set; }

    /// <summary>Who asked for it, as JSON text for the audit entries of its events; null when it fell due by itself.</summary>
    public string? StartedBy { get; private set; }

    public AuditActor? Actor => StartedBy is null ? null : JsonSerializer.Deserialize<AuditActor>(StartedBy);

    /// <summary>The caller's words, or null.</summary>
    public string? Note { get; private set; }

    public RotationState State { get; private set; }

    public RotationStep Step { get; private set; }

    /// <summary>The version in use when it began; 0 when there was none.</summary>
    public int FromVersion { get; private set; }

    /// <summary>For a rollback, the version to go back to.</summary>
    public int? RollbackTo { get; private set; }

    /// <summary>The version it made current; null before.</summary>
    public int? NewVersion { get; private set; }

    /// <summary>The number of the candidate value: one more after each one that the provider rejected.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>How often the current step was begun. More than once means that it may have happened already.</summary>
    public int Tries { get; private set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>The new value before it is current, sealed for this row and attempt.</summary>
    public byte[]? SealedCandidate { get; private set; }

    public string? CandidateHandle { get; private set; }

    public DateTimeOffset? CandidateExpiresAt { get; private set; }

    /// <summary>True when the target confirmed that it took the candidate.</summary>
    public bool IsSetConfirmed { get; private set; }

    /// <summary>When the target first refused the value in use, after it took the candidate; null while it has not.</summary>
    public DateTimeOffset? OldRefusedAt { get; private set; }

    /// <summary>True when the new value came into use without a login by it.</summary>
    public bool IsUnproven { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When the new value became current.</summary>
    public DateTimeOffset? FinishedAt { get; private set; }

    /// <summary>When the next step is due.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Until when the host that works on it has it for itself.</summary>
    public DateTimeOffset? LeaseUntil { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    public bool IsRollback => RollbackTo is not null;

    /// <summary>What its caller should know, or null.</summary>
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

    /// <summary>Begins a rollback: its candidate is the old version's value, so there is nothing to create.</summary>
    public static RotationRun BeginRollback(
        string id, RotatedCredential credential, int toVersion, RotationOrigin origin, DateTimeOffset now)
    {
        var run = Begin(id, credential, RotationTrigger.Manual, origin, now);
        run.RollbackTo = toVersion;
        run.Step = RotationStep.Set;
        return run;
    }

    /// <summary>Keeps the new value before anyone else hears of it.</summary>
    public void Propose(byte[] sealedCandidate, HeldValue candidate)
    {
        SealedCandidate = sealedCandidate;
        CandidateHandle = candidate.Handle;
        CandidateExpiresAt = candidate.ExpiresAt;
        GoTo(RotationStep.Set);
    }

    /// <summary>Takes when the target ends the candidate by itself, where only trying it told.</summary>
    public void NoteEnd(DateTimeOffset? expiresAt) => CandidateExpiresAt ??= expiresAt;

    /// <summary>The target confirmed that it took the candidate.</summary>
    public void ConfirmSet()
    {
        IsSetConfirmed = true;
        OldRefusedAt = null;
        GoTo(RotationStep.Test);
    }

    /// <summary>
    /// The target has no room to try the candidate, and refuses the value that was in use. Once may be chance; the second time, a while
    /// later, the candidate is taken for the value in force.
    /// </summary>
    /// <param name="tested">Why the candidate could not be tried.</param>
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

    /// <summary>Begins a step anew after progress: what was counted for the step before is forgotten.</summary>
    public void GoTo(RotationStep step)
    {
        Step = step;
        (Tries, Failures) = (0, 0);
    }

    /// <summary>Throws the candidate away for a fresh one.</summary>
    public void TakeFreshValue()
    {
        Attempt++;
        SealedCandidate = null;
        CandidateHandle = null;
        CandidateExpiresAt = null;
        (IsSetConfirmed, OldRefusedAt) = (false, null);
        Step = RotationStep.Create;
        Tries = 1; // what the thrown away one left at the provider is cleared first
    }

    /// <summary>The new value is current. What is left is the end of the old one, at once when nobody needs it any longer.</summary>
    /// <param name="newVersion">The version that is current now.</param>
    /// <param name="endOldAt">When the old value is to be ended at the provider; null when there is nothing to end.</param>
    /// <param name="now">Now.</param>
    public void Finish(int newVersion, DateTimeOffset? endOldAt, DateTimeOffset now)
    {
        NewVersion = newVersion;
        FinishedAt = now;
        SealedCandidate = null; // it stands in its version now
        (Failures, ErrorCode, ErrorMessage) = (0, null, null);
        State = endOldAt is null ? RotationState.Done : RotationState.Ending;
        DueAt = endOldAt ?? now;
        GoTo(endOldAt is null ? RotationStep.Done : RotationStep.Revoke);
    }

    /// <summary>Ends the old value now instead of later.</summary>
    public void EndOldValueNow(DateTimeOffset now)
    {
        if (State is RotationState.Ending && DueAt > now) DueAt = now;
    }

    /// <summary>The old value has ended too.</summary>
    public void Close()
    {
        State = RotationState.Done;
        (Failures, ErrorCode, ErrorMessage) = (0, null, null);
        GoTo(RotationStep.Done);
    }

    /// <summary>Ends it without a change.</summary>
    public void Abandon(string code, string message, DateTimeOffset now)
    {
        State = RotationState.Abandoned;
        FinishedAt = now;
        SealedCandidate = null;
        (ErrorCode, ErrorMessage) = (code, message);
        GoTo(RotationStep.Done);
    }

    public const int MaxAttempts = 3; // fresh values: more of them would only fill the provider
    public const int MaxFailures = 12; // with the backoff below: about two hours
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(5), Factor: 2, TimeSpan.FromMinutes(15));

    /// <summary>True when someone has to work on it now.</summary>
    public bool IsDue(DateTimeOffset now, RowLease lease) =>
        State is RotationState.Running or RotationState.Ending && DueAt <= now && lease.IsFree(LeaseUntil, now);

    /// <summary>Takes it for one step. The save decides between two hosts.</summary>
    public void Claim(DateTimeOffset until)
    {
        LeaseUntil = until;
        Tries++;
    }

    public void Release() => LeaseUntil = null;

    /// <summary>True while a host works on a step of it.</summary>
    public bool IsLeased(DateTimeOffset now, RowLease lease) => !lease.IsFree(LeaseUntil, now);

    /// <summary>
    /// Leaves it for a moment, since something else has to come first; that is no failure. Always a change, so whoever claims it meanwhile
    /// notices.
    /// </summary>
    public void PutOff(DateTimeOffset now)
    {
        LeaseUntil = null;
        DueAt = (DueAt > now ? DueAt : now) + Moment;
    }

    /// <summary>
    /// Puts the step off after a failure, longer each time; a person is asked when it fails too often or cannot go on by itself.
    /// </summary>
    /// <param name="failure">What the provider said.</param>
    /// <param name="jitter">0 to 1, so that what failed together is not repeated together.</param>
    /// <param name="now">Now.</param>
    public void Fail(ProviderException failure, double jitter, DateTimeOffset now)
    {
        Failures++;
        LeaseUntil = null;
        (ErrorCode, ErrorMessage) = (failure.Code, failure.Message);
        if (failure.Fault is ProviderFault.Misconfigured || Failures >= MaxFailures)
        {
            State = RotationState.NeedsAttention;
            return;
        }

        DueAt = now + Backoff.After(Failures, jitter);
    }

    /// <summary>Goes on where it stopped, since a person asked for it.</summary>
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

    /// <summary>What a call gets while a rotation works on the credential.</summary>
    public static RefusedException UnderWay(string rotationId) =>
        Refuse.Conflict("credential_rotating", "Credential is currently being rotated")
            .With("retry_after_ms", RetryHintMs).With(Problem.RetryAfter, RetryHintMs / 1000).With("rotation", rotationId);
}

/// <summary>Who asked for a rotation, and in what words; nobody when it fell due by itself.</summary>
/// <param name="By">The key or user.</param>
/// <param name="Note">Their words.</param>
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

        // What is due; the history of one credential.
        e.HasIndex(x => new { x.State, x.DueAt });
        e.HasIndex(x => new { x.CredentialId, x.Id });
    }
}

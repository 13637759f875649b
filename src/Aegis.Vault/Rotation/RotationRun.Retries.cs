using Aegis.Kernel.Work;

namespace Aegis.Vault.Rotation;

/// <summary>How a rotation repeats what failed.</summary>
internal sealed partial class RotationRun
{
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
}

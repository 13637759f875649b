namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Says whether this host may still use its cache: for two seconds from just before its last successful poll was sent. Two clocks must
/// agree, because the wall clock can be set back and the monotonic clock stops while a virtual machine is paused.
/// </summary>
internal sealed class CacheFreshness(TimeProvider clock)
{
    /// <summary>A host that could not poll for this long ignores its cache, so a revocation need not wait longer for it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private volatile Moment? since;

    public bool Holds =>
        since is { } from && clock.GetElapsedTime(from.Timestamp) < MaxAge && clock.GetUtcNow() - from.Wall < MaxAge;

    /// <summary>The time on both clocks. Read it before a poll is sent.</summary>
    public Moment Now() => new(clock.GetTimestamp(), clock.GetUtcNow());

    public void Renew(Moment beforePoll) => since = beforePoll;

    public void End() => since = null;

    internal sealed record Moment(long Timestamp, DateTimeOffset Wall);
}

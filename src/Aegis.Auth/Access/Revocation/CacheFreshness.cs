namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// How long this host may believe its memory: two seconds from the moment before its last successful poll was sent. Both clocks must agree,
/// because the wall clock can be set back and the monotonic one stands still while a virtual machine is paused.
/// </summary>
internal sealed class CacheFreshness(TimeProvider clock)
{
    /// <summary>After this long a host that could not poll believes nothing any more, so nobody needs to wait longer for it.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private volatile Moment? since;

    public bool Holds =>
        since is { } from && clock.GetElapsedTime(from.Timestamp) < MaxAge && clock.GetUtcNow() - from.Wall < MaxAge;

    /// <summary>The moment to take before a poll is sent.</summary>
    public Moment Now() => new(clock.GetTimestamp(), clock.GetUtcNow());

    public void Renew(Moment beforePoll) => since = beforePoll;

    public void End() => since = null;

    internal sealed record Moment(long Timestamp, DateTimeOffset Wall);
}

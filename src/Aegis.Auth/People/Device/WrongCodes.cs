namespace Aegis.Auth.People.Device;

/// <summary>
/// Counts the wrong codes that a person typed. The counts are in memory, so a person may type ten wrong codes in ten minutes on each host,
/// which is very little compared with a billion codes (RFC 8628 §5.1).
/// </summary>
internal sealed class WrongCodes(TimeProvider clock)
{
    private const int MaxCount = 10;

    private readonly AttemptWindow wrong = new(MaxCount, DeviceGrant.Lifetime, clock);

    public void RequireAllowed(string userId)
    {
        if (wrong.SecondsToWait(userId) is not { } seconds) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "device_attempts_exceeded",
            $"You typed too many wrong codes. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
    }

    public void Count(string userId) => wrong.Take(userId);
}

namespace Aegis.Auth.People.Device;

/// <summary>
/// Counts codes that a person typed and no program has. In memory: on each host a person may be wrong ten times in ten minutes, which is
/// nothing compared with a billion codes (RFC 8628 §5.1).
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
            $"Too many codes that no program has. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
    }

    public void Count(string userId) => wrong.Take(userId);
}

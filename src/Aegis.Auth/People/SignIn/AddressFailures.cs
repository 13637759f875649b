namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Counts the wrong passwords from one network, for all users together: an attacker can try one password for many users. Attempts from
/// known browsers count too.
/// </summary>
internal sealed class AddressFailures(AuthOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    private readonly AttemptWindow failures = new(options.MaxFailuresPerAddress, Period, clock);

    /// <summary>Counts an attempt before the password is checked.</summary>
    /// <exception cref="RefusedException">There were too many.</exception>
    public void Take(HttpContext http)
    {
        if (failures.Take(Network(http)) is not { } seconds) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "rate_limited",
            $"Too many wrong passwords came from your network. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
    }

    /// <summary>Uncounts an attempt whose password was correct or was not checked.</summary>
    public void GiveBack(HttpContext http) => failures.GiveBack(Network(http));

    private static string Network(HttpContext http) => ClientNetwork.Of(http.Connection.RemoteIpAddress);
}

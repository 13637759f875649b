namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Wrong passwords of one address, whoever they were tried for: one password can be tried for many users. Known browsers count too.
/// </summary>
internal sealed class AddressFailures(AuthOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Counts = TimeSpan.FromMinutes(15);

    private readonly AttemptWindow failures = new(options.MaxFailuresPerAddress, Counts, clock);

    /// <summary>Counts an attempt before it is looked at.</summary>
    /// <exception cref="RefusedException">There were too many.</exception>
    public void Take(HttpContext http)
    {
        if (failures.Take(Network(http)) is not { } seconds) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "rate_limited",
            $"Too many wrong passwords came from your network. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
    }

    /// <summary>The attempt was right, or was not looked at.</summary>
    public void GiveBack(HttpContext http) => failures.GiveBack(Network(http));

    private static string Network(HttpContext http) => ClientNetwork.Of(http.Connection.RemoteIpAddress);
}

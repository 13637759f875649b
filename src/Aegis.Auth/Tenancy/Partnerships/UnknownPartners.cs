namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>Counts proposals to organizations that are not there, so that nobody finds out by trying which ones are.</summary>
internal sealed class UnknownPartners(TimeProvider clock)
{
    private const int MaxInHour = 20; // far more than slips of the hand

    private readonly AttemptWindow attempts = new(MaxInHour, TimeSpan.FromHours(1), clock);

    /// <summary>Counts a proposal before it is known whether the partner is there.</summary>
    /// <exception cref="RefusedException">Too many were not; then those that are there are refused too.</exception>
    public void Take(Caller caller)
    {
        if (attempts.Take(caller.OrganizationId) is not { } seconds) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "partner_attempts_exceeded",
            $"Your organization named too many partners that are not there. Wait {seconds} s and try again.")
            .With(Problem.RetryAfter, seconds);
    }

    /// <summary>The partner is there.</summary>
    public void GiveBack(Caller caller) => attempts.GiveBack(caller.OrganizationId);
}

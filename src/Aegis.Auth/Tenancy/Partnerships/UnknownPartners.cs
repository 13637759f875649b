namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>Limits proposals to organizations that do not exist, so that nobody can find out by trying which ones exist.</summary>
internal sealed class UnknownPartners(TimeProvider clock)
{
    private const int MaxInHour = 20; // far more than typing errors

    private readonly AttemptWindow attempts = new(MaxInHour, TimeSpan.FromHours(1), clock);

    /// <summary>Counts a proposal before it is known whether the partner exists.</summary>
    /// <exception cref="RefusedException">Too many partners did not exist. Existing ones are then refused too.</exception>
    public void Take(Caller caller)
    {
        if (attempts.Take(caller.OrganizationId) is not { } seconds) return;
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "partner_attempts_exceeded",
            $"Your organization named too many partners that do not exist. Wait {seconds} s and try again.")
            .With(Problem.RetryAfter, seconds);
    }

    /// <summary>Takes back the count, because the partner exists.</summary>
    public void GiveBack(Caller caller) => attempts.GiveBack(caller.OrganizationId);
}

namespace Aegis.Auth.Access.Keys;

/// <summary>Keeps keys that are tried out from costing a query each, and tells of those that were nearly right.</summary>
internal sealed class KeyGuessLimit(ILookupLimit limit, WrongSecrets wrong)
{
    /// <summary>Refuses to look a key up for whoever tried too many.</summary>
    /// <param name="early">The call, if the rate limit has not seen it yet.</param>
    public void RequireAllowed(HttpContext? early)
    {
        if (early is not null && limit.Refusal(early) is { } refused) throw refused;
    }

    /// <summary>Counts a key that proved nothing.</summary>
    /// <param name="early">The call, if the rate limit has not seen it yet.</param>
    /// <param name="userId">Whose key it nearly was, or null.</param>
    public void Failed(HttpContext? early, string? userId)
    {
        wrong.Count(userId);
        if (early is not null) limit.Failed(early);
    }
}

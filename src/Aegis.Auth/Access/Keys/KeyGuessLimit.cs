namespace Aegis.Auth.Access.Keys;

/// <summary>Limits how many wrong keys may cost a query each, and counts wrong secrets of known keys.</summary>
internal sealed class KeyGuessLimit(ILookupLimit limit, WrongSecrets wrong)
{
    /// <summary>Refuses to look up a key for a client that sent too many wrong ones.</summary>
    /// <param name="early">The request, if the lookup limit counts it; null where the rate limit is enough.</param>
    public void RequireAllowed(HttpContext? early)
    {
        if (early is not null && limit.Refusal(early) is { } refused) throw refused;
    }

    /// <summary>Counts a wrong key.</summary>
    /// <param name="early">The request, if the lookup limit counts it; null where the rate limit is enough.</param>
    /// <param name="userId">The user of the key if only the secret was wrong, or null.</param>
    public void Failed(HttpContext? early, string? userId)
    {
        wrong.Count(userId);
        if (early is not null) limit.Failed(early);
    }
}

namespace Aegis.Vault.Providers;

/// <summary>The verdict on a value.</summary>
internal enum Verdict
{
    /// <summary>The target accepts it.</summary>
    Works,

    /// <summary>The target answered that this value does not authenticate.</summary>
    Refused,

    /// <summary>The answer is unclear: the target is unreachable, overloaded or failing.</summary>
    Unknown,
}

/// <summary>The result of testing one value at its target. A refusal or an unreachable target is a result, not an exception.</summary>
/// <param name="Verdict">What the target said.</param>
/// <param name="Code">Null when it works, else a stable code such as <c>login_refused</c> or <c>unreachable</c>.</param>
/// <param name="Message">Null when it works, else a sentence without any value.</param>
/// <param name="RateLimitRemaining">What is left according to the target, or null when it does not say.</param>
/// <param name="QuotaRemaining">What is left according to the target, or null when it does not say.</param>
/// <param name="IsLogin">True when the value itself was tested; false when only the target was checked.</param>
/// <param name="ExpiresAt">When the value expires at the target, or null when it does not say.</param>
internal sealed record Tested(
    Verdict Verdict, string? Code = null, string? Message = null, long? RateLimitRemaining = null, long? QuotaRemaining = null,
    bool IsLogin = true,
    DateTimeOffset? ExpiresAt = null)
{
    public static readonly Tested Works = new(Verdict.Works);

    /// <summary>Everything that can be checked is right, but no login by the value was tried.</summary>
    public static readonly Tested InPlace = new(Verdict.Works, IsLogin: false);

    public static Tested Refused(string code, string message) => new(Verdict.Refused, code, message);

    public static Tested Unknown(string code, string message) => new(Verdict.Unknown, code, message);
}

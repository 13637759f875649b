namespace Aegis.Vault.Providers;

/// <summary>What a value turned out to be worth.</summary>
internal enum Verdict
{
    /// <summary>The target lets it in.</summary>
    Works,

    /// <summary>The target answered that this value does not authenticate.</summary>
    Refused,

    /// <summary>The target gave no answer that tells: away, overloaded, failing.</summary>
    Unknown,
}

/// <summary>The outcome of trying one value at its target. A refusal or a target that is away is an outcome, not an exception.</summary>
/// <param name="Verdict">What the target said.</param>
/// <param name="Code">Null when it works, else a stable code such as <c>login_refused</c> or <c>unreachable</c>.</param>
/// <param name="Message">Null when it works, else a sentence without any value.</param>
/// <param name="RateLimitRemaining">Calls left by the target's own account, or null when it says nothing.</param>
/// <param name="QuotaRemaining">Quota left by the target's own account, or null when it says nothing.</param>
/// <param name="IsLogin">True when the value itself was tried; false when only its place was looked at.</param>
/// <param name="ExpiresAt">When the target ends the value by itself, or null when it says nothing.</param>
internal sealed record Tested(
    Verdict Verdict, string? Code = null, string? Message = null, long? RateLimitRemaining = null, long? QuotaRemaining = null,
    bool IsLogin = true,
    DateTimeOffset? ExpiresAt = null)
{
    public static readonly Tested Works = new(Verdict.Works);

    /// <summary>All is well as far as can be seen, but nobody was asked whether the value is let in.</summary>
    public static readonly Tested InPlace = new(Verdict.Works, IsLogin: false);

    public static Tested Refused(string code, string message) => new(Verdict.Refused, code, message);

    public static Tested Unknown(string code, string message) => new(Verdict.Unknown, code, message);
}

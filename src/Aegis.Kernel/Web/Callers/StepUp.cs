namespace Aegis.Kernel.Web.Callers;

/// <summary>The refusal for a session that needs a step-up, that is, a further proof of its user (RFC 9470).</summary>
public static class StepUp
{
    private const string Code = "insufficient_user_authentication";

    /// <summary>The value of <c>WWW-Authenticate</c>.</summary>
    public const string Challenge = $"Bearer error=\"{Code}\", error_description=\"A one-time code of the user is needed.\"";

    public static bool Asks(string code) => code == Code;

    public static RefusedException Refusal() => Refuse.Unauthorized(
        "insufficient_user_authentication",
        "This session looks risky, so it can only read. Send the user's one-time code to POST /v1/auth/sessions/{id}/step-up.");

    /// <summary>Refuses an action that a session may not do before its step-up and that no scope covers.</summary>
    public static void RequireSteppedUp(this Caller caller)
    {
        if (caller.Withheld is not null) throw Refusal();
    }
}

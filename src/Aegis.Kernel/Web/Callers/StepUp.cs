namespace Aegis.Kernel.Web.Callers;

/// <summary>The words for a session that must prove its user once more (RFC 9470).</summary>
public static class StepUp
{
    private const string Wanted = "insufficient_user_authentication";

    /// <summary>What the answer says in <c>WWW-Authenticate</c>.</summary>
    public const string Challenge = $"Bearer error=\"{Wanted}\", error_description=\"A one-time code of the user is needed.\"";

    public static bool Asks(string code) => code == Wanted;

    public static RefusedException Refusal() => Refuse.Unauthorized(
        "insufficient_user_authentication",
        "This session looks risky, so it may only read. Send the user's one-time code to POST /v1/auth/sessions/{id}/step-up.");

    /// <summary>Refuses what a session may not do before its step-up and no scope stands for.</summary>
    public static void RequireSteppedUp(this Caller caller)
    {
        if (caller.Withheld is not null) throw Refusal();
    }
}

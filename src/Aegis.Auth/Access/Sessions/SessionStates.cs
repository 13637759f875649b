namespace Aegis.Auth.Access.Sessions;

/// <summary>The current state of the session of a token.</summary>
internal sealed record SessionState(bool StepUpRequired, DateTimeOffset? EndedAt)
{
    /// <summary>Why its token no longer works, or null while it does.</summary>
    public RefusedException? Refusal() => EndedAt is null
        ? null
        : Refuse.Unauthorized("session_ended", "The session of this token was ended. Get a new token with your API key.");

    /// <summary>The scopes that remain, and those withheld until the step-up; null when none are withheld.</summary>
    public (IReadOnlySet<string> Scopes, IReadOnlySet<string>? Withheld) Split(IReadOnlySet<string> scopes)
    {
        if (!StepUpRequired) return (scopes, null);
        var kept = scopes.Where(OnlyReads).ToHashSet(StringComparer.Ordinal);
        return (kept, scopes.Except(kept).ToHashSet(StringComparer.Ordinal));
    }

    private static bool OnlyReads(string scope)
    {
        var whole = ScopeCatalogue.Whole(scope);
        return whole.EndsWith(":read", StringComparison.Ordinal) || whole.EndsWith(":list", StringComparison.Ordinal);
    }
}

/// <summary>Reads the states of the sessions of tokens. A token without a session has all its scopes.</summary>
internal sealed class SessionStates(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    : StateReader<SessionState>(known, freshness, options, scopes)
{
    private static readonly SessionState NoSession = new(StepUpRequired: false, EndedAt: null);

    private readonly Func<AuthDb, string, CancellationToken, Task<SessionState?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string sid, CancellationToken ct) =>
            db.Sessions.Where(s => s.Id == sid).Select(s => new SessionState(s.StepUpRequired, s.EndedAt)).SingleOrDefault());

    protected override async Task<SessionState> Query(AuthDb db, string id, CancellationToken ct) => await byId(db, id, ct) ?? NoSession;
}

namespace Aegis.Auth.Access.Sessions;

/// <summary>How the session of a token stands at this moment.</summary>
internal sealed record SessionState(bool StepUpRequired, DateTimeOffset? EndedAt)
{
    /// <summary>Why its token no longer works, or null while it does.</summary>
    public RefusedException? Refusal() => EndedAt is null
        ? null
        : Refuse.Unauthorized("session_ended", "The session of this token was ended. Get a new token with your API key.");

    /// <summary>What is left of the scopes, and what comes back with the step-up: null when nothing is withheld.</summary>
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

/// <summary>How the sessions of tokens stand. A token that has none can do all that it was made for.</summary>
internal sealed class SessionStates(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    : StateReader<SessionState>(known, freshness, options, scopes)
{
    private static readonly SessionState NoSession = new(StepUpRequired: false, EndedAt: null);

    private readonly Func<AuthDb, string, CancellationToken, Task<SessionState?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string sid, CancellationToken ct) =>
            db.Sessions.Where(s => s.Id == sid).Select(s => new SessionState(s.StepUpRequired, s.EndedAt)).SingleOrDefault());

    protected override async Task<SessionState> Query(AuthDb db, string id, CancellationToken ct) => await byId(db, id, ct) ?? NoSession;
}

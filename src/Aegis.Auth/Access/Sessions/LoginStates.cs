namespace Aegis.Auth.Access.Sessions;

/// <summary>The current state of a person's login, as the database says it, not a token or cookie.</summary>
internal sealed record LoginState(
    string UserId,
    string Name,
    string OrganizationId,
    string? Role,
    string Client,
    bool StepUpRequired,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? UserDisabledAt,
    DateTimeOffset? OrganizationClosedAt)
{
    /// <summary>The part of the state that the session of an API key's token has too.</summary>
    public SessionState Session => new(StepUpRequired, EndedAt);

    /// <summary>Why the login is no longer valid, or null while it is.</summary>
    public RefusedException? Refusal(DateTimeOffset now)
    {
        if (EndedAt is not null || ExpiresAt <= now) return Refuse.Unauthorized("session_ended", "This login has ended. Log in again.");
        if (UserDisabledAt is not null)
            return Refuse.Unauthorized("user_disabled", "This user is disabled. Ask an admin of your organization to enable it.");
        if (OrganizationClosedAt is not null) return Refuse.Unauthorized("organization_closed", "The organization of this user is closed.");
        return null;
    }
}

/// <summary>Reads the states of logins. Null when no login has the id, for example for the session of an API key's token.</summary>
internal sealed class LoginStates(StatusCache known, CacheFreshness freshness, AuthOptions options, IServiceScopeFactory scopes)
    : StateReader<LoginState?>(known, freshness, options, scopes)
{
    private readonly Func<AuthDb, string, CancellationToken, Task<LoginState?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) => (
            from session in db.Sessions
            where session.Id == id && session.Client != null
            join user in db.Users on session.UserId equals user.Id
            join organization in db.Organizations on session.OrganizationId equals organization.Id
            select new LoginState(
                user.Id, user.Name, user.OrganizationId, user.Role, session.Client!, session.StepUpRequired, session.ExpiresAt,
                session.EndedAt,
                user.DisabledAt, organization.ClosedAt)).SingleOrDefault());

    protected override Task<LoginState?> Query(AuthDb db, string id, CancellationToken ct) => byId(db, id, ct);
}

namespace Aegis.Auth.Access.Sessions;

/// <summary>How the login of a person stands at this moment: what the database, not a token or cookie, says about it.</summary>
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
    /// <summary>Its step-up, as with the session of a key's token.</summary>
    public SessionState Session => new(StepUpRequired, EndedAt);

    /// <summary>Why the login no longer counts, or null while it does.</summary>
    public RefusedException? Refusal(DateTimeOffset now)
    {
        if (EndedAt is not null || ExpiresAt <= now) return Refuse.Unauthorized("session_ended", "This login has ended. Log in again.");
        if (UserDisabledAt is not null)
            return Refuse.Unauthorized("user_disabled", "This user is disabled. An admin of the organization can enable it again.");
        if (OrganizationClosedAt is not null) return Refuse.Unauthorized("organization_closed", "The organization of this user is closed.");
        return null;
    }
}

/// <summary>How logins stand; null where none has that id, as when it is that of the session of a key's token.</summary>
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

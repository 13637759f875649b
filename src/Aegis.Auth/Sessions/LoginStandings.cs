using Aegis.Auth.Persistence;
using Aegis.Auth.Revocation;
using Aegis.Kernel.Refusals;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Auth.Sessions;

/// <summary>How the login of a person stands at this moment: what the database, not a token or cookie, says about it.</summary>
internal sealed record LoginStanding(
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
    public SessionStanding Session => new(StepUpRequired, EndedAt);

    /// <summary>Why the login no longer counts, or null while it does.</summary>
    public RefusedException? Refusal(DateTimeOffset now)
    {
        if (EndedAt is not null || ExpiresAt <= now)
            return Refuse.Unauthorized("session_ended", "This login has ended. Log in again.");
        if (UserDisabledAt is not null)
            return Refuse.Unauthorized("user_disabled", "This user is disabled. An admin of the organization can enable it again.");
        if (OrganizationClosedAt is not null)
            return Refuse.Unauthorized("organization_closed", "The organization of this user is closed.");
        return null;
    }
}

/// <summary>How logins stand: from memory while this host follows every change, else from the database. Runs on every request of a person.</summary>
internal sealed class LoginStandings(KnownStandings known, Trust trust, AuthOptions options, IServiceScopeFactory scopes)
{
    private readonly Func<AuthDb, string, CancellationToken, Task<LoginStanding?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string id, CancellationToken ct) => (
            from session in db.Sessions
            where session.Id == id && session.Client != null
            join user in db.Users on session.UserId equals user.Id
            join organization in db.Organizations on session.OrganizationId equals organization.Id
            select new LoginStanding(
                user.Id, user.Name, user.OrganizationId, user.Role, session.Client!, session.StepUpRequired, session.ExpiresAt, session.EndedAt,
                user.DisabledAt, organization.ClosedAt)).SingleOrDefault());

    /// <summary>The login with this id, or null: there is none, or it is the session of a key's token.</summary>
    public ValueTask<LoginStanding?> Of(string sid, CancellationToken ct) =>
        !options.StrictRevocation && trust.Holds && known.Find<LoginStanding>(sid) is { } standing ? new(standing) : Read(sid, ct);

    private async ValueTask<LoginStanding?> Read(string sid, CancellationToken ct)
    {
        var mark = known.Mark();
        await using var scope = scopes.CreateAsyncScope();
        var standing = await byId(scope.ServiceProvider.GetRequiredService<AuthDb>(), sid, ct);
        if (standing is not null && !options.StrictRevocation) known.Keep(sid, standing, mark);
        return standing;
    }
}

using Aegis.Auth.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Sessions;

/// <summary>How the session of a token stands at this moment.</summary>
internal sealed record SessionStanding(bool StepUpRequired, DateTimeOffset? EndedAt)
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

    private static bool OnlyReads(string scope) => scope.EndsWith(":read", StringComparison.Ordinal) || scope.EndsWith(":list", StringComparison.Ordinal);
}

/// <summary>Reads sessions as they stand, by one compiled query: this runs on every request with a token.</summary>
internal sealed class SessionStandings
{
    private readonly Func<AuthDb, string, CancellationToken, Task<SessionStanding?>> byId =
        EF.CompileAsyncQuery((AuthDb db, string sid, CancellationToken ct) =>
            db.Sessions.Where(s => s.Id == sid).Select(s => new SessionStanding(s.StepUpRequired, s.EndedAt)).SingleOrDefault());

    /// <summary>Null when no session is attached to the token.</summary>
    public Task<SessionStanding?> Of(AuthDb db, string sid, CancellationToken ct) => byId(db, sid, ct);
}

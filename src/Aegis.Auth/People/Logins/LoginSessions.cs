namespace Aegis.Auth.People.Logins;

/// <summary>
/// Begins and ends the logins of people. A login is a <see cref="Session"/> with a client: the browser, or a program that a person
/// approved. A browser keeps it with a cookie. A program gets tokens from <see cref="LoginTokens"/>, and <see cref="RefreshTokenGrant"/>
/// exchanges one refresh token for the next. <see cref="RefreshTokens"/> draws and finds these tokens; the state of one login's tokens is
/// its <see cref="RefreshFamily"/>. <see cref="SessionsController"/> lists and ends sessions, and <see cref="SweepSessionsJob"/> deletes
/// old ones. Calls that collide are retried. When a call that ends a session returns, all hosts refuse that session.
/// </summary>
internal sealed class LoginSessions(AuthDb db, Revocations revocations, History history, SessionOptions options, TimeProvider clock)
{
    /// <summary>The client name of a login in the browser.</summary>
    public const string Web = "web";

    /// <summary>Adds a login of an authenticated person; the caller saves.</summary>
    /// <param name="user">The person.</param>
    /// <param name="client">The program that the person logs in with.</param>
    /// <param name="methods">The methods used, as named by RFC 8176: <c>pwd</c>, <c>otp</c>, <c>hwk</c>.</param>
    /// <param name="http">The call, whose connection facts are stored.</param>
    public Session Add(User user, string client, IReadOnlyList<string> methods, HttpContext http)
    {
        var now = clock.GetUtcNow();
        var facts = ConnectionFacts.FromRequest(http, options, now);
        var session = Session.Login(user, client, string.Join(' ', methods), id => history.Seal(facts, Session.Subject(id)), now);
        db.Sessions.Add(session);
        return session;
    }

    /// <summary>Logs a person in.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    public async Task<Session> Begin(User user, string client, IReadOnlyList<string> methods, HttpContext http, CancellationToken ct)
    {
        var session = Add(user, client, methods, http);
        await db.SaveChangesAsync(ct);
        return session;
    }

    /// <summary>
    /// Ends the session of a token. Works too for a session that is not stored yet, because no call has recorded it, and for one that has
    /// already ended.
    /// </summary>
    public Task EndSession(Caller owner, CancellationToken ct)
    {
        var id = owner.SessionId!;
        return db.RetryOnConflict(async () =>
        {
            var now = clock.GetUtcNow();
            var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, ct);
            if (session?.IsOver(now) is true)
            {
                await revocations.Settle(ct);
                return true;
            }

            if (session is not null) session.End(now);
            else db.Sessions.Add(Session.Revoked(owner, history.Seal(ConnectionFacts.None(now), Session.Subject(id)), now));
            await revocations.Save([id], ct);
            return true;
        }, alsoWhenTaken: true);
    }

    /// <summary>
    /// Ends a session and its tokens. When it returns, every host knows, even if the session had ended before. With null it ends nothing,
    /// but waits in the same way.
    /// </summary>
    public Task End(string? sessionId, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == sessionId, ct);
        if (session is null || session.IsOver(now))
        {
            await revocations.Settle(ct);
            return;
        }

        session.End(now);
        await revocations.Save([session.Id], ct);
    });
}

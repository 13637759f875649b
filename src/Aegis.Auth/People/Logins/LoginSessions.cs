namespace Aegis.Auth.People.Logins;

/// <summary>Begins and ends logins of persons.</summary>
internal sealed class LoginSessions(AuthDb db, Revocations revocations, History history, SessionOptions options, TimeProvider clock)
{
    /// <summary>The client of a login in the browser.</summary>
    public const string Web = "web";

    /// <summary>Adds a login of a person who was recognized; the caller saves.</summary>
    /// <param name="user">Who.</param>
    /// <param name="client">With which program.</param>
    /// <param name="methods">How, in words of RFC 8176: <c>pwd</c>, <c>otp</c>, <c>hwk</c>.</param>
    /// <param name="http">The call, for the facts of its connection.</param>
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

    /// <summary>Ends the session of a token, also one that Aegis knew nothing of yet, and one that has ended by now.</summary>
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
    /// Ends a session, with the tokens of it; true everywhere when it returns, also when it had ended before. Null ends nothing.
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

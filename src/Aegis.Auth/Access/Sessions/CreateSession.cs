using Aegis.Auth.Sessions.V1;
using Aegis.Kernel.Auditing;

namespace Aegis.Auth.Access.Sessions;

/// <summary>Creates or updates the session of the access token that calls, and assesses its risk.</summary>
internal sealed class CreateSession(AuthDb db, Revocations revocations, History history, SessionOptions options, TimeProvider clock)
{
    public async Task<CreateSessionResponse> Answer(HttpContext http, CreateSessionRequest request, CancellationToken ct)
    {
        var caller = http.Caller();
        if (caller is not { SessionId: { } sid, UserId: not null, ExpiresAt: { } expiresAt })
            throw Refuse.PreconditionFailed("access_token_required",
                "A session needs an access token. Exchange your API key at /v1/auth/token and call with the token.");
        if (options.AllowedOrganizations.Count > 0 && !options.AllowedOrganizations.Contains(caller.OrganizationId))
            throw Refuse.Forbidden("organization_not_allowed",
                "Your organization is not allowed to create sessions. Ask the operator of this installation to allow it.");
        CreateSessionLimits.Check(request);

        var facts = ConnectionFacts.Of(http, caller, request, options, clock.GetUtcNow());
        http.SetAuditedObject(sid);
        // two concurrent calls may create the same session or the same sighting
        var session = await db.RetryOnConflict(() => Attach(caller, request, facts, ct), alsoWhenTaken: true);
        return new CreateSessionResponse
        {
            SessionId = session.Id,
            ExpiresInSeconds = Math.Max(0, (long)(expiresAt - clock.GetUtcNow()).TotalSeconds),
            StepUpRequired = session.StepUpRequired,
        };
    }

    private async Task<Session> Attach(Caller caller, CreateSessionRequest request, ConnectionFacts facts, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var userId = caller.UserId!;
        var past = await history.Of(db, userId, now, ct);
        var risk = RiskAssessment.Of(history.Facts(userId, facts), past, request.RiskSignal?.RiskScore ?? 0);
        var authMethod = request.AuthMethod.Length == 0 ? null : request.AuthMethod;
        var sealedFacts = history.Seal(facts, Session.Subject(caller.SessionId!));

        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == caller.SessionId, ct);
        if (session is not null)
        {
            session.Reassess(authMethod, sealedFacts, risk, options.StepUpAt);
        }
        else
        {
            session = Session.Start(caller, authMethod, sealedFacts, risk, options.StepUpAt, now);
            db.Sessions.Add(session);
        }

        // Only a trusted connection is remembered. Otherwise an attacker's second attempt would find its device known.
        if (!session.StepUpRequired) await history.Remember(db, userId, facts, now, ct);
        await revocations.Save([session.Id], ct);
        return session;
    }
}

using System.Linq.Expressions;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.People.Logins;

/// <summary>The sessions of the caller's user.</summary>
[ApiController]
[Route("v1/auth/sessions")]
[Tags("Identity")]
internal sealed class SessionsController(
    AuthDb db, Caller caller, Revocations revocations, History history, Authenticators authenticators, TimeProvider clock) : ControllerBase
{
    /// <summary>Lists the sessions of the caller's user in the last 90 days, newest first.</summary>
    /// <remarks>
    /// A person who signed in sees all of them, and so does a program that may do everything that the person may do. A key or a narrowed
    /// program needs the scope <c>key:list</c> to see the sessions of keys. Any token sees its own session.
    /// </remarks>
    /// <response code="403">missing_scope</response>
    [HttpGet]
    [RequireScope(RequireScopeAttribute.Any)]
    public Task<Page<SessionItem>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        if (caller.SessionId is null) RequireKeyScope(Scopes.KeyList);
        return Own(caller.Has(Scopes.KeyList)).ToPage(page, Shape, ct);
    }

    /// <summary>Ends a session: its token is refused from then on. A session that still needs its step-up can end only itself.</summary>
    /// <remarks>
    /// Any token can end its own session, whose id is its <c>sid</c>, even before <c>CreateSession</c> was called with it. Other sessions
    /// can be ended by everyone who sees them in the list; a key or a narrowed program needs the scope <c>key:revoke</c>.
    /// </remarks>
    /// <response code="204">Ended.</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">session_already_ended</response>
    [HttpDelete("{id}")]
    [RequireScope(RequireScopeAttribute.Any)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> End(string id, [FromServices] LoginSessions logins, CancellationToken ct)
    {
        if (id == caller.SessionId)
        {
            await logins.EndSession(caller, ct);
            return NoContent();
        }

        await db.RetryOnConflict(async () =>
        {
            caller.RequireSteppedUp();
            RequireKeyScope(Scopes.KeyRevoke);
            var session = await Load(Own(caller.Has(Scopes.KeyRevoke)), id, ct);
            session.End(clock.GetUtcNow());
            await revocations.Save([session.Id], ct);
        });
        return NoContent();
    }

    /// <summary>Verifies the user with a one-time code, so that the session gets back the scopes withheld because of its risk.</summary>
    /// <response code="403">totp_invalid</response>
    /// <response code="404">not_found</response>
    /// <response code="409">totp_not_enrolled, totp_used, step_up_not_required, session_already_ended</response>
    /// <response code="429">totp_locked</response>
    [HttpPost("{id}/step-up")]
    [RequireScope(RequireScopeAttribute.Any)]
    public async Task<SessionItem> StepUp(string id, TotpRequest request, CancellationToken ct)
    {
        var session = await Load(Own(seesKeys: true).Where(await MayWiden(ct)), id, ct);
        var now = clock.GetUtcNow();
        await authenticators.Verify(session.UserId, request.Totp, ct);
        session.StepUp(now);
        await history.Remember(db, session.UserId, history.Open(session.SealedFacts, Session.Subject(session.Id)), now, ct);
        await revocations.Save([session.Id], ct);
        return Shape(session);
    }

    /// <summary>The sessions that the caller may see. A key or a narrowed program never sees the person's other logins.</summary>
    private IQueryable<Session> Own(bool seesKeys)
    {
        var (isWhole, current) = (caller.IsWholePerson(), caller.SessionId);
        return db.Sessions.Where(s => s.OrganizationId == caller.OrganizationId && s.UserId == caller.UserId
            && (isWhole || (seesKeys && s.Client == null) || s.Id == current));
    }

    /// <summary>
    /// The sessions that the caller may step up. Any session may step up itself. A person with all rights may step up every session of the
    /// user. A key may step up its own sessions, because it can get such tokens anyway. A narrowed token, or one that needs a step-up
    /// itself, may not step up others: it would give another session scopes that it does not have.
    /// </summary>
    private async Task<Expression<Func<Session, bool>>> MayWiden(CancellationToken ct)
    {
        var mayOthers = caller.Withheld is null && !(await db.RightsOf(caller, ct)).IsNarrowed;
        if (mayOthers && caller.IsPerson()) return s => true;
        var (current, key) = (caller.SessionId, mayOthers ? caller.KeyId : null);
        return s => s.Id == current || (key != null && s.KeyId == key);
    }

    private void RequireKeyScope(string scope)
    {
        if (!caller.IsWholePerson() && !caller.Has(scope)) throw MissingScope.Refusal(scope);
    }

    private static async Task<Session> Load(IQueryable<Session> own, string id, CancellationToken ct) =>
        await own.SingleOrDefaultAsync(s => s.Id == id, ct) ?? throw Refuse.NotFound("session");

    private SessionItem Shape(Session s)
    {
        var facts = history.Open(s.SealedFacts, Session.Subject(s.Id));
        var status = s.IsOver(clock.GetUtcNow()) ? "ended" : s.StepUpRequired ? "step_up_required" : "active";
        return new SessionItem(
            s.Id, status, s.Id == caller.SessionId, s.KeyId, s.Client, s.AuthMethod, facts.DeviceId, facts.Address, facts.Country,
            facts.Region, facts.City,
            s.RiskScore, s.RiskReasons.ConvertAll(RiskReasonItem.From), s.SteppedUpAt, s.CreatedAt, s.ExpiresAt, s.EndedAt);
    }
}

/// <param name="Id"><c>ses_…</c>.</param>
/// <param name="Status"><c>active</c>, <c>step_up_required</c> or <c>ended</c>.</param>
/// <param name="Current">True for the session of this call.</param>
/// <param name="KeyId">The API key that got the token; null for a login.</param>
/// <param name="Client">The client of a login: <c>web</c>, <c>aegis-cli</c> or another one; null for the token of a key.</param>
/// <param name="AuthMethod">How the user authenticated: as the client stated it, or for a login as named by RFC 8176.</param>
/// <param name="DeviceId">The client's name for its device.</param>
/// <param name="Address">Remote address, or null.</param>
/// <param name="Country">Two letters, or null.</param>
/// <param name="Region">Region, or null.</param>
/// <param name="City">City, or null.</param>
/// <param name="RiskScore">0 to 100.</param>
/// <param name="RiskReasons">The parts of the risk score.</param>
/// <param name="SteppedUpAt">When the user stepped it up, or null.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When its token expires; 24 hours after a login.</param>
/// <param name="EndedAt">When it was ended before that, or null.</param>
internal sealed record SessionItem(
    string Id,
    string Status,
    bool Current,
    string? KeyId,
    string? Client,
    string? AuthMethod,
    string? DeviceId,
    string? Address,
    string? Country,
    string? Region,
    string? City,
    int RiskScore,
    IReadOnlyList<RiskReasonItem> RiskReasons,
    DateTimeOffset? SteppedUpAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt);

/// <param name="Reason"><c>new_device</c>, <c>new_country</c>, <c>new_asn</c>, <c>fast_travel</c>, <c>wrong_codes</c>, <c>wrong_secrets</c>
/// or <c>client_score</c>.</param>
/// <param name="Points">The points that it adds to the score.</param>
internal sealed record RiskReasonItem(string Reason, int Points)
{
    public static RiskReasonItem From(string stored)
    {
        var parts = stored.Split(':');
        return new RiskReasonItem(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}

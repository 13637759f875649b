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
    /// <summary>The sessions of the caller's user in the last 90 days, newest first.</summary>
    /// <remarks>
    /// A person who signed in, and a program that was let in for all that the person may do, see all of them. A key or a narrowed program
    /// sees those of keys with the scope <c>key:list</c>; any token sees its own.
    /// </remarks>
    /// <response code="403">missing_scope</response>
    [HttpGet]
    [RequireScope(RequireScopeAttribute.Any)]
    public Task<Page<SessionItem>> List([FromQuery] PageQuery page, CancellationToken ct)
    {
        if (caller.SessionId is null) RequireKeyScope(Scopes.KeyList);
        return Own(caller.Has(Scopes.KeyList)).ToPage(page, Shape, ct);
    }

    /// <summary>Ends a session: from now on its token is refused. A session that awaits its step-up may only end itself.</summary>
    /// <remarks>
    /// Any token ends its own session, whose id is its <c>sid</c>, also before <c>CreateSession</c> was called with it. Others are ended
    /// as they are listed, by a key or a narrowed program with the scope <c>key:revoke</c>.
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

    /// <summary>Proves the user once more with a one-time code, so that the session gets back the scopes that its risk withheld.</summary>
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
        await authenticators.Prove(session.UserId, request.Totp, ct);
        session.StepUp(now);
        await history.Remember(db, session.UserId, history.Open(session.SealedFacts, Session.Subject(session.Id)), now, ct);
        await revocations.Save([session.Id], ct);
        return Shape(session);
    }

    /// <summary>A key, or a program that was let in for less, has no business with the person's logins but its own.</summary>
    private IQueryable<Session> Own(bool seesKeys)
    {
        var (isWhole, current) = (caller.IsWholePerson(), caller.SessionId);
        return db.Sessions.Where(s => s.OrganizationId == caller.OrganizationId && s.UserId == caller.UserId
            && (isWhole || (seesKeys && s.Client == null) || s.Id == current));
    }

    /// <summary>
    /// The sessions that the caller may give their scopes back: its own, those of a whole person, and those of its own key, whose tokens it
    /// can have anyway. A narrower token, or one that awaits its own step-up, would give to another one what it does not have.
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
/// <param name="KeyId">The API key behind its token; null for a login.</param>
/// <param name="Client">What a person logged in with: <c>web</c>, <c>aegis-cli</c> or another client; null for the token of a key.</param>
/// <param name="AuthMethod">How the user proved who it is: in the client's words, or those of RFC 8176 for a login.</param>
/// <param name="DeviceId">What the client calls its device.</param>
/// <param name="Address">Remote address, or null.</param>
/// <param name="Country">Two letters, or null.</param>
/// <param name="Region">Or null.</param>
/// <param name="City">Or null.</param>
/// <param name="RiskScore">0 to 100.</param>
/// <param name="RiskReasons">What the risk is made of.</param>
/// <param name="SteppedUpAt">When the user proved itself once more, or null.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When its token ends; 24 hours after a login.</param>
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
/// <param name="Points">What it adds to the risk.</param>
internal sealed record RiskReasonItem(string Reason, int Points)
{
    public static RiskReasonItem From(string stored)
    {
        var parts = stored.Split(':');
        return new RiskReasonItem(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}

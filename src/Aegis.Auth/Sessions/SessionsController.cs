using Aegis.Auth.Keys;
using Aegis.Auth.OneTimeCodes;
using Aegis.Auth.Persistence;
using Aegis.Auth.Revocation;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Lists;
using Aegis.Kernel.Persistence;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Sessions;

/// <summary>The sessions of the caller's user.</summary>
[ApiController, Route("v1/auth/sessions"), Tags("Identity")]
internal sealed class SessionsController(
    AuthDb db, Caller caller, Revocations revocations, History history, Authenticators authenticators, TimeProvider clock) : ControllerBase
{
    /// <summary>The sessions of the caller's user in the last 90 days, newest first.</summary>
    [HttpGet, RequireScope(RequireScopeAttribute.Any)]
    public Task<Page<SessionItem>> List([FromQuery] PageQuery page, CancellationToken ct) => Own().ToPage(page, Shape, ct);

    /// <summary>Ends a session: from now on its token is refused. A session that awaits its step-up may only end itself.</summary>
    /// <response code="204">Ended.</response>
    /// <response code="404">not_found</response>
    /// <response code="409">session_already_ended</response>
    [HttpDelete("{id}"), RequireScope(RequireScopeAttribute.Any)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public async Task<IActionResult> End(string id, CancellationToken ct)
    {
        await db.DecideAnew(async () =>
        {
            var session = await Load(id, ct);
            if (session.Id != caller.SessionId) caller.RequireSteppedUp();
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
    [HttpPost("{id}/step-up"), RequireScope(RequireScopeAttribute.Any)]
    public async Task<SessionItem> StepUp(string id, TotpRequest request, CancellationToken ct)
    {
        var session = await Load(id, ct);
        var now = clock.GetUtcNow();
        await authenticators.Prove(session.UserId, request.Totp, ct);
        session.StepUp(now);
        await history.Remember(db, session.UserId, history.Open(session.SealedFacts, Session.Subject(session.Id)), now, ct);
        await revocations.Save([session.Id], ct);
        return Shape(session);
    }

    /// <summary>A key, or a program that was let in for less, has no business with the person's logins but its own.</summary>
    private IQueryable<Session> Own()
    {
        var (isWhole, current) = (caller.IsWholePerson(), caller.SessionId);
        return db.Sessions.Where(s => s.OrganizationId == caller.OrganizationId && s.UserId == caller.UserId && (isWhole || s.Client == null || s.Id == current));
    }

    private async Task<Session> Load(string id, CancellationToken ct) =>
        await Own().SingleOrDefaultAsync(s => s.Id == id, ct) ?? throw Refuse.NotFound("session");

    private SessionItem Shape(Session s)
    {
        var facts = history.Open(s.SealedFacts, Session.Subject(s.Id));
        var status = s.IsOver(clock.GetUtcNow()) ? "ended" : s.StepUpRequired ? "step_up_required" : "active";
        return new SessionItem(
            s.Id, status, s.Id == caller.SessionId, s.KeyId, s.Client, s.AuthMethod, facts.DeviceId, facts.Address, facts.Country, facts.Region, facts.City,
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

/// <param name="Reason"><c>new_device</c>, <c>new_country</c>, <c>new_asn</c>, <c>fast_travel</c>, <c>wrong_codes</c>, <c>wrong_secrets</c> or <c>client_score</c>.</param>
/// <param name="Points">What it adds to the risk.</param>
internal sealed record RiskReasonItem(string Reason, int Points)
{
    public static RiskReasonItem From(string stored)
    {
        var parts = stored.Split(':');
        return new RiskReasonItem(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }
}

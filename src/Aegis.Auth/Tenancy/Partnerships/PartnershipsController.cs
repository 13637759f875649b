using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.Tenancy.Partnerships;

/// <summary>The agreements under which studies are exchanged.</summary>
[ApiController]
[Route("v1/partnerships")]
[Tags("Identity")]
internal sealed class PartnershipsController(AuthDb db, Caller caller, UnknownPartners unknown, TimeProvider clock) : ControllerBase
{
    /// <summary>Lists the partnerships of the caller's organization, newest first. The platform's admin sees all.</summary>
    [HttpGet]
    [RequireScope(Scopes.OrgRead)]
    public Task<Page<PartnershipResponse>> List([FromQuery] PageQuery page, CancellationToken ct) =>
        db.Partnerships.VisibleTo(caller).ToPage(page, PartnershipResponse.From, ct);

    /// <summary>Returns one partnership.</summary>
    /// <response code="200">The partnership, with its ETag.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.OrgRead)]
    public async Task<PartnershipResponse> Get(string id, CancellationToken ct) => Shape(await Load(id, ct));

    /// <summary>Proposes a partnership. It becomes active when the other side approves it.</summary>
    /// <remarks>After a proposal was declined or withdrawn, either side can propose again. The id stays the same.</remarks>
    /// <response code="201">The proposal, with its ETag.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="404">partner_unknown: no such organization, or one without the other role</response>
    /// <response code="409">role_not_held, partnership_exists</response>
    /// <response code="429">partner_attempts_exceeded: 20 unknown partners within an hour</response>
    [HttpPost]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status201Created, nameof(Get))]
    [ProducesResponseType<PartnershipResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<PartnershipResponse>> Propose(ProposePartnershipRequest request, CancellationToken ct)
    {
        await RequireRoles(request, ct);
        var proposal = request.By(caller.OrganizationId);
        var partnership =
            await db.Partnerships.SingleOrDefaultAsync(p => p.ConsumerId == proposal.ConsumerId && p.ProviderId == proposal.ProviderId, ct);
        var now = clock.GetUtcNow();
        if (partnership is null) db.Partnerships.Add(partnership = Partnership.Propose(Ids.New("prt", now), proposal, now));
        else partnership.ProposeAgain(proposal);
        await db.SaveChangesAsync(ct);
        return CreatedAtAction(nameof(Get), new { id = partnership.Id }, Shape(partnership));
    }

    /// <summary>Approves the proposal of the other side, with the last day of your agreement. The partnership becomes active.</summary>
    /// <remarks>Send the ETag of the proposal as If-Match, so that you approve the de-identification that you read.</remarks>
    /// <response code="400">validation_failed</response>
    /// <response code="403">wrong_party: for the proposer and the platform; missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_proposed, baa_expired</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/approve")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public Task<PartnershipResponse> Approve(string id, ApprovePartnershipRequest request, CancellationToken ct) =>
        Change(id, p => p.Approve(caller.OrganizationId, request.BaaUntil, clock.Today()), ct);

    /// <summary>Declines the proposal of the other side.</summary>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_proposed</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/decline")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public Task<PartnershipResponse> Decline(string id, CancellationToken ct) => Change(id, p => p.Decline(caller.OrganizationId), ct);

    /// <summary>Withdraws your proposal.</summary>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_proposed</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/withdraw")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public Task<PartnershipResponse> Withdraw(string id, CancellationToken ct) => Change(id, p => p.Withdraw(caller.OrganizationId), ct);

    /// <summary>
    /// Renews your business associate agreement. If its expiry suspended the partnership, it becomes active when both agreements are valid.
    /// </summary>
    /// <response code="400">validation_failed</response>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">baa_not_forward, partnership_not_approved</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPut("{id}/baa")]
    [RequireScope(Scopes.OrgWrite)]
    public Task<PartnershipResponse> Renew(string id, RenewAgreementRequest request, CancellationToken ct) =>
        Change(id, p => p.Renew(caller.OrganizationId, request.Until, clock.Today()), ct);

    /// <summary>Suspends a partnership. Until it is resumed, no study can be requested or opened.</summary>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_active</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/suspend")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public Task<PartnershipResponse> Suspend(string id, CancellationToken ct) => Change(id, p => p.Suspend(caller), ct);

    /// <summary>Ends a suspension by your organization. The platform's admin can end any suspension.</summary>
    /// <response code="403">suspended_by_other, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_suspended, baa_expired</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/resume")]
    [RequireScope(Scopes.OrgWrite)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public Task<PartnershipResponse> Resume(string id, CancellationToken ct) => Change(id, p => p.Resume(caller, clock.Today()), ct);

    private async Task<PartnershipResponse> Change(string id, Action<Partnership> change, CancellationToken ct)
    {
        var partnership = await Load(id, ct);
        Request.RequireMatch(partnership);
        change(partnership);
        await db.SaveChangesAsync(ct);
        return Shape(partnership);
    }

    /// <summary>
    /// Gives the same refusal for a partner that is unknown, closed, without the role, the caller itself or not allowed for its key.
    /// </summary>
    private async Task RequireRoles(ProposePartnershipRequest request, CancellationToken ct)
    {
        var asConsumer = request.As is OrganizationRole.Consumer;
        var own = await db.Organizations.Where(o => o.Id == caller.OrganizationId).Select(o => new { o.IsConsumer, o.IsProvider })
            .SingleAsync(ct);
        if (!(asConsumer ? own.IsConsumer : own.IsProvider))
            throw Refuse.Conflict("role_not_held",
                $"Your organization is not a {(asConsumer ? "consumer" : "provider")}. Propose the partnership with its other role.");

        unknown.Take(caller);
        var known = caller.MayDealWith(request.PartnerId) && request.PartnerId != caller.OrganizationId && await db.Organizations.AnyAsync(
            o => o.Id == request.PartnerId && o.ClosedAt == null && (asConsumer ? o.IsProvider : o.IsConsumer), ct);
        if (!known)
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound, "partner_unknown",
                $"There is no {(asConsumer ? "provider" : "consumer")} with this id that your key may deal with. Check partnerId, and the "
                    + "partners of your key.");
        }

        unknown.GiveBack(caller);
    }

    private async Task<Partnership> Load(string id, CancellationToken ct) =>
        await db.Partnerships.VisibleTo(caller).SingleOrDefaultAsync(p => p.Id == id, ct) ?? throw Refuse.NotFound("partnership");

    private PartnershipResponse Shape(Partnership partnership)
    {
        Response.SetETag(partnership);
        return PartnershipResponse.From(partnership);
    }
}

internal static class PartnershipFilters
{
    /// <summary>The partnerships of the caller's organization, within the partners of its key; for the platform's admin, all.</summary>
    public static IQueryable<Partnership> VisibleTo(this IQueryable<Partnership> partnerships, Caller caller)
    {
        var own = caller.OrganizationId;
        if (!caller.IsPlatformAdmin) partnerships = partnerships.Where(p => p.ConsumerId == own || p.ProviderId == own);
        if (caller.Partners is null) return partnerships;

        var partners = caller.Partners.ToArray();
        return partnerships.Where(p =>
            (p.ConsumerId == own || partners.Contains(p.ConsumerId)) && (p.ProviderId == own || partners.Contains(p.ProviderId)));
    }
}

/// <param name="Id"><c>prt_…</c>.</param>
/// <param name="ConsumerId">The organization that may request studies.</param>
/// <param name="ProviderId">The organization that sends them.</param>
/// <param name="Status"><c>proposed</c>, <c>active</c>, <c>suspended</c>, <c>declined</c> or <c>withdrawn</c>.</param>
/// <param name="ProposedBy">The party that proposed it; the other one approves.</param>
/// <param name="SuspendedBy">The organization that suspended it, or null; the platform if an agreement expired.</param>
/// <param name="SuspensionReason"><c>manual</c>, <c>baa_expired</c> or null.</param>
/// <param name="ConsumerBaaUntil">Last day of the consumer's business associate agreement, in UTC.</param>
/// <param name="ProviderBaaUntil">Last day of the provider's business associate agreement, in UTC.</param>
/// <param name="Deidentification">How studies are de-identified under it.</param>
/// <param name="CreatedAt">When it was proposed.</param>
internal sealed record PartnershipResponse(
    string Id,
    string ConsumerId,
    string ProviderId,
    PartnershipStatus Status,
    string ProposedBy,
    string? SuspendedBy,
    SuspensionReason? SuspensionReason,
    DateOnly? ConsumerBaaUntil,
    DateOnly? ProviderBaaUntil,
    DeidentificationPolicy Deidentification,
    DateTimeOffset CreatedAt)
{
    public static PartnershipResponse From(Partnership p) => new(
        p.Id, p.ConsumerId, p.ProviderId, p.Status, p.ProposedBy, p.SuspendedBy, p.SuspensionReason, p.ConsumerBaaUntil, p.ProviderBaaUntil,
        p.Deidentification, p.CreatedAt);
}

using Aegis.Auth.Persistence;
using Aegis.Contracts.Identity;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Http;
using Aegis.Kernel.Idempotency;
using Aegis.Kernel.Lists;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.Partnerships;

/// <summary>The agreements under which studies are exchanged.</summary>
[ApiController, Route("v1/partnerships"), Tags("Identity")]
internal sealed class PartnershipsController(AuthDb db, Caller caller) : ControllerBase
{
    /// <summary>The partnerships of the caller's organization, newest first; the platform's admin sees all.</summary>
    [HttpGet, RequireScope(Scopes.OrgRead)]
    public Task<Page<PartnershipResponse>> List([FromQuery] PageQuery page, CancellationToken ct) =>
        db.Partnerships.VisibleTo(caller).ToPage(page, PartnershipResponse.From, ct);

    /// <summary>One partnership.</summary>
    /// <response code="200">The partnership, with its ETag.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{id}"), RequireScope(Scopes.OrgRead)]
    public async Task<PartnershipResponse> Get(string id, CancellationToken ct) => Shape(await Load(id, ct));

    /// <summary>Suspends a partnership: no new requests, and nothing can be opened, until it is resumed.</summary>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_active</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/suspend"), RequireScope(Scopes.OrgWrite), Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<PartnershipResponse> Suspend(string id, CancellationToken ct)
    {
        var partnership = await Load(id, ct);
        Request.RequireMatch(partnership);
        partnership.Suspend(caller);
        await db.SaveChangesAsync(ct);
        return Shape(partnership);
    }

    /// <summary>Lifts the own suspension; the platform's admin lifts any.</summary>
    /// <response code="403">suspended_by_other, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">partnership_not_suspended</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/resume"), RequireScope(Scopes.OrgWrite), Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<PartnershipResponse> Resume(string id, CancellationToken ct)
    {
        var partnership = await Load(id, ct);
        Request.RequireMatch(partnership);
        partnership.Resume(caller);
        await db.SaveChangesAsync(ct);
        return Shape(partnership);
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
    /// <summary>What the caller is a party of, within the partners its key is narrowed to; everything for the platform's admin.</summary>
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
/// <param name="ConsumerId">Who may ask for studies.</param>
/// <param name="ProviderId">Who is asked.</param>
/// <param name="Status"><c>proposed</c>, <c>active</c> or <c>suspended</c>.</param>
/// <param name="SuspendedBy">The organization that suspended it, or null.</param>
/// <param name="ConsumerBaaUntil">Last day of the consumer's business associate agreement, in UTC.</param>
/// <param name="ProviderBaaUntil">Last day of the provider's business associate agreement, in UTC.</param>
/// <param name="Deidentification">How studies are de-identified under it.</param>
/// <param name="CreatedAt">When it was proposed.</param>
internal sealed record PartnershipResponse(
    string Id,
    string ConsumerId,
    string ProviderId,
    PartnershipStatus Status,
    string? SuspendedBy,
    DateOnly? ConsumerBaaUntil,
    DateOnly? ProviderBaaUntil,
    DeidentificationPolicy Deidentification,
    DateTimeOffset CreatedAt)
{
    public static PartnershipResponse From(Partnership p) => new(
        p.Id, p.ConsumerId, p.ProviderId, p.Status, p.SuspendedBy, p.ConsumerBaaUntil, p.ProviderBaaUntil, p.Deidentification, p.CreatedAt);
}

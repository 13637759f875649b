using Aegis.Kernel.Auditing;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Web.Lists;
using Aegis.Kernel.Web.Validation;
using FluentValidation;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>The review of applications by the platform's admin.</summary>
[ApiController]
[Route("v1/applications")]
[Tags("Onboarding")]
internal sealed class ReviewController(AuthDb db, Caller caller, Approval approval, SealedBox box, TimeProvider clock) : ControllerBase
{
    /// <summary>Lists applications, newest first. Only the platform's admin sees any.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="status"><c>submitted</c>, <c>in_review</c>, <c>approved</c>, <c>rejected</c>; all if it is not sent.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    [HttpGet]
    [RequireScope(Scopes.TenantOnboard)]
    public Task<Page<ApplicationResponse>> List([FromQuery] PageQuery page, [FromQuery] ApplicationStatus? status, CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var found = Visible();
        if (status is not null) found = found.Where(a => a.Status == status);
        return found.ToPage(page, a => ApplicationResponse.From(a, box), ct);
    }

    /// <summary>Takes an application into review.</summary>
    /// <response code="404">not_found</response>
    /// <response code="409">application_not_submitted</response>
    [HttpPost("{id}/review")]
    [RequireScope(Scopes.TenantOnboard)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<ApplicationResponse> Review(string id, CancellationToken ct)
    {
        var application = await Load(id, ct);
        application.BeginReview();
        await db.SaveChangesAsync(ct);
        return Shape(application);
    }

    /// <summary>
    /// Approves an application: creates the organization and its first user, and shows the claim address with which that user gets the
    /// first key.
    /// </summary>
    /// <response code="200">The new organization and user. The claim address is shown this one time.</response>
    /// <response code="403">scope_exceeds_creator, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">application_not_in_review, baa_expired, email_taken, partner_not_registered, secret_already_shown</response>
    [HttpPost("{id}/approve")]
    [RequireScope(Scopes.TenantOnboard)]
    [Idempotent(StatusCodes.Status200OK, answer: null)]
    public async Task<ApprovedResponse> Approve(string id, CancellationToken ct)
    {
        HttpContext.SetAuditedObject(id); // the application, not the organization that is created
        Response.Headers.CacheControl = "no-store";
        var application = await Load(id, ct);
        await RequireMayHandOver(ct);
        return await approval.Approve(application, ct);
    }

    /// <summary>
    /// Replaces the claim address of an approved application, for example if it was lost or has expired. The old link no longer works.
    /// </summary>
    /// <response code="200">The new claim address, shown this one time.</response>
    /// <response code="403">scope_exceeds_creator, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">application_not_approved, claim_redeemed, secret_already_shown</response>
    [HttpPost("{id}/claim")]
    [RequireScope(Scopes.TenantOnboard)]
    [Idempotent(StatusCodes.Status200OK, answer: null)]
    public async Task<ApprovedResponse> RenewClaim(string id, CancellationToken ct)
    {
        HttpContext.SetAuditedObject(id); // the application, not the claim
        Response.Headers.CacheControl = "no-store";
        var application = await Load(id, ct);
        await RequireMayHandOver(ct);
        return await approval.RenewClaim(application, ct);
    }

    /// <summary>Rejects an application and tells the applicant why.</summary>
    /// <response code="400">validation_failed</response>
    /// <response code="404">not_found</response>
    /// <response code="409">application_not_in_review</response>
    [HttpPost("{id}/reject")]
    [RequireScope(Scopes.TenantOnboard)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<ApplicationResponse> Reject(string id, RejectApplicationRequest request, CancellationToken ct)
    {
        var application = await Load(id, ct);
        application.Reject(request.Reason, request.Note?.Trim(), clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return Shape(application);
    }

    /// <summary>Returns the application for a repeated call.</summary>
    [NonAction]
    public async Task<ApplicationResponse> Get(string id, CancellationToken ct) => Shape(await Load(id, ct));

    /// <summary>A claim address gives an admin's first key, so a narrowed token or key must not see one.</summary>
    private async Task RequireMayHandOver(CancellationToken ct) => (await db.RightsOf(caller, ct)).RequireRole(Caller.Admin, lasts: true);

    private IQueryable<Application> Visible() => db.Applications.Where(a => caller.IsPlatformAdmin);

    private async Task<Application> Load(string id, CancellationToken ct) =>
        await Visible().SingleOrDefaultAsync(a => a.Id == id, ct) ?? throw Refuse.NotFound("application");

    private ApplicationResponse Shape(Application application)
    {
        Response.Headers.CacheControl = "no-store";
        return ApplicationResponse.From(application, box);
    }
}

/// <summary>Rejects an application.</summary>
/// <param name="Reason"><c>entity_not_verified</c>, <c>baa_invalid</c>, <c>partner_not_confirmed</c>, <c>duplicate</c> or
/// <c>other</c>.</param>
/// <param name="Note">What the applicant is told in addition to the reason, at most 500 characters; required with <c>other</c>.</param>
internal sealed record RejectApplicationRequest(RejectionReason Reason, string? Note = null);

internal sealed class RejectApplicationValidator : AbstractValidator<RejectApplicationRequest>
{
    public const int MaxNoteLength = 500;

    public RejectApplicationValidator() => RuleFor(x => x.Note).MaximumLength(MaxNoteLength).Words()
        .Must((x, note) => x.Reason is not RejectionReason.Other || !string.IsNullOrWhiteSpace(note))
        .WithMessage("note is required with the reason 'other'.");
}

using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Idempotency;
using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Lists;
using Aegis.Kernel.Web.Validation;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Studies.Requests;

/// <summary>Requests for studies.</summary>
[ApiController]
[Route("v1/requests")]
[Tags("Requests")]
[Produces("application/json")]
internal sealed class RequestsController(StudiesDb db, Caller caller, RequestIntake intake, RequestSeal seal, TimeProvider clock)
    : ControllerBase
{
    /// <summary>Asks a provider for one patient's study.</summary>
    /// <response code="201">The request, pending.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">no_partnership (also for an unknown provider), missing_scope</response>
    [HttpPost]
    [RequireScope(Scopes.StudyRequest)]
    [Idempotent(StatusCodes.Status201Created, nameof(Get))]
    [ProducesResponseType<StudyRequestResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<StudyRequestResponse>> Create(CreateStudyRequest request, CancellationToken ct)
    {
        if (!caller.MayDealWith(request.ProviderId)) throw RequestIntake.NoPartnership();
        var created = await intake.Create(caller.OrganizationId, request, ct);
        return Created($"/v1/requests/{created.Id}", Shape(created));
    }

    /// <summary>Lists the requests in which your organization is the consumer or the provider, newest first.</summary>
    /// <remarks>The provider's worklist is <c>?status=pending</c>.</remarks>
    /// <response code="200">One page.</response>
    /// <response code="400">validation_failed (status, limit or cursor)</response>
    [HttpGet]
    [RequireScope(Scopes.StudyRead)]
    public async Task<Page<StudyRequestResponse>> List([FromQuery] string? status, [FromQuery] PageQuery page, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        IReadOnlyList<IQueryable<StudyRequest>> requests = [db.Requests.OwnedBy(caller)];
        if (!string.IsNullOrEmpty(status))
        {
            var wanted = WireWords.Find<RequestStatus>(status)
                ?? throw Invalid.Field("status", $"status must be one of {WireWords.List<RequestStatus>()}.");
            requests = requests[0].InStatus(db.Requests, wanted, now);
        }

        return await requests.ByRole(caller).ToPage(page, x => StudyRequestResponse.From(x, seal, now), ct);
    }

    /// <summary>Shows one request to either party.</summary>
    /// <response code="200">The request, with its ETag.</response>
    /// <response code="404">not_found</response>
    [HttpGet("{id}")]
    [RequireScope(Scopes.StudyRead)]
    public async Task<StudyRequestResponse> Get(string id, CancellationToken ct) =>
        Shape(await db.Requests.AsNoTracking().OwnedBy(caller).Named(id, ct));

    /// <summary>Tells the consumer that the study will be sent. Optional: a pending request can be fulfilled directly.</summary>
    /// <response code="200">The request, accepted.</response>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">already_accepted, fulfilment_in_progress, already_fulfilled, request_declined, request_cancelled,
    /// request_expired</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/accept")]
    [RequireScope(Scopes.StudyFulfill)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<StudyRequestResponse> Accept(string id, CancellationToken ct)
    {
        var request = await LoadFor(Party.Provider, id, ct);
        request.Accept(clock.GetUtcNow());
        return await Save(request, ct);
    }

    /// <summary>Tells the consumer that the study will not be sent, and why.</summary>
    /// <response code="200">The request, declined.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">fulfilment_in_progress, already_fulfilled, request_declined, request_cancelled, request_expired</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/decline")]
    [RequireScope(Scopes.StudyDecline)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<StudyRequestResponse> Decline(string id, DeclineStudyRequest decline, CancellationToken ct)
    {
        var request = await LoadFor(Party.Provider, id, ct);
        request.Decline(decline.Reason, seal.SealNote(id, decline.Note), clock.GetUtcNow());
        return await Save(request, ct);
    }

    /// <summary>Cancels a request of your organization.</summary>
    /// <response code="200">The request, cancelled.</response>
    /// <response code="403">wrong_party, missing_scope</response>
    /// <response code="404">not_found</response>
    /// <response code="409">fulfilment_in_progress, already_fulfilled, request_declined, request_cancelled, request_expired</response>
    /// <response code="412">revision_mismatch</response>
    [HttpPost("{id}/cancel")]
    [RequireScope(Scopes.StudyRequest)]
    [Idempotent(StatusCodes.Status200OK, nameof(Get))]
    public async Task<StudyRequestResponse> Cancel(string id, CancellationToken ct)
    {
        var request = await LoadFor(Party.Consumer, id, ct);
        request.Cancel(clock.GetUtcNow());
        return await Save(request, ct);
    }

    private async Task<StudyRequest> LoadFor(Party party, string id, CancellationToken ct)
    {
        var request = await db.Requests.OwnedBy(caller).Named(id, ct);
        request.RequireParty(party, caller);
        Request.RequireMatch(request);
        return request;
    }

    private async Task<StudyRequestResponse> Save(StudyRequest request, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        return Shape(request);
    }

    private StudyRequestResponse Shape(StudyRequest request)
    {
        Response.SetETag(request);
        return StudyRequestResponse.From(request, seal, clock.GetUtcNow());
    }
}

/// <summary>Declines a request.</summary>
/// <param name="Reason">no_match, ambiguous_match, no_consent, not_partner or other.</param>
/// <param name="Note">A note for the consumer; at most 500 characters.</param>
internal sealed record DeclineStudyRequest(DeclineReason Reason, string? Note = null);

internal sealed class DeclineStudyRequestValidator : AbstractValidator<DeclineStudyRequest>
{
    public DeclineStudyRequestValidator() => RuleFor(x => x.Note).MaximumLength(500).Words();
}

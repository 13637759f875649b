using Aegis.Kernel.Web.Idempotency;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>The way in for organizations that have no key yet.</summary>
[ApiController]
[Route("v1/applications")]
[AllowAnonymous]
[Tags("Onboarding")]
internal sealed class ApplicationsController(AuthDb db, SealedBox box, ApplicationOptions options, TimeProvider clock) : ControllerBase
{
    public const string TokenHeader = "X-Status-Token";

    private static readonly ApplicationStatus[] Waiting = [ApplicationStatus.Submitted, ApplicationStatus.InReview];

    /// <summary>
    /// Applies for access. Keys are issued after verification: U.S. entity, signed business associate agreement, partner.
    /// </summary>
    /// <response code="201">The application, and the token to follow it with.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="409">secret_already_shown</response>
    /// <response code="503">applications_full</response>
    [HttpPost]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<SubmittedResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<SubmittedResponse>> Submit(SubmitApplicationRequest request, CancellationToken ct)
    {
        var waiting = db.Applications.Where(a => Waiting.Contains(a.Status)).OrderBy(a => a.Id).Take(options.MostWaiting);
        if (await waiting.CountAsync(ct) == options.MostWaiting)
            throw Refuse.Unavailable("applications_full", "Too many applications wait for a decision. Try again in a few days.");

        var now = clock.GetUtcNow();
        var id = Ids.New("app", now);
        var (token, hash) = OneTimeToken.Draw();
        var application = Application.Submit(id, request, request.Applicant.Seal(id, box), hash, now);
        db.Applications.Add(application);
        await db.SaveChangesAsync(ct);
        Response.Headers.CacheControl = "no-store";
        return CreatedAtAction(nameof(Get), new { id }, new SubmittedResponse(id, application.Status, token, now));
    }

    /// <summary>How an application stands: for the applicant with its status token, or for the platform's admin.</summary>
    /// <param name="id">The application.</param>
    /// <param name="statusToken">From the answer to the submission; never in the address.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <response code="401">unauthenticated: neither a status token nor a credential</response>
    /// <response code="403">missing_scope</response>
    /// <response code="404">not_found: also for a wrong token</response>
    [HttpGet("{id}")]
    [GetOnly]
    public async Task<ApplicationResponse> Get(string id, [FromHeader(Name = TokenHeader)] string? statusToken, CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var application = await db.Applications.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, ct);
        var admitted = string.IsNullOrEmpty(statusToken) ? Admit() : OneTimeToken.Proves(statusToken, application?.StatusTokenHash);
        return admitted && application is not null ? ApplicationResponse.From(application, box) : throw Refuse.NotFound("application");
    }

    private bool Admit()
    {
        if (HttpContext.FindCaller() is not { } caller)
        {
            throw HttpContext.Features.Get<CredentialRefused>()?.Reason
                ?? Refuse.Unauthorized("unauthenticated",
                    $"Send the status token of the application as {TokenHeader}, or a credential of the platform's admin.");
        }

        return caller.Has(Scopes.TenantOnboard)
            ? caller.IsPlatformAdmin
            : throw Refuse.Forbidden(
                "missing_scope", $"This call needs the scope '{Scopes.TenantOnboard}'. Use a key or token that has it.")
                .With("required_permission", Scopes.TenantOnboard);
    }
}

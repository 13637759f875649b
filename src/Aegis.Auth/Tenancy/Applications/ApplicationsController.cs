using Aegis.Kernel;
using Aegis.Kernel.Web.Idempotency;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>Applications for access by organizations that have no key yet.</summary>
[ApiController]
[Route("v1/applications")]
[AllowAnonymous]
[Tags("Onboarding")]
internal sealed class ApplicationsController(AuthDb db, SealedBox box, ApplicationOptions options, TimeProvider clock) : ControllerBase
{
    public const string TokenHeader = "X-Status-Token";

    private static readonly ApplicationStatus[] Waiting = [ApplicationStatus.Submitted, ApplicationStatus.InReview];

    /// <summary>
    /// Applies for access. Keys are issued after a check of the U.S. entity, the signed business associate agreement and the partner.
    /// </summary>
    /// <response code="201">The application, and the token to read its status.</response>
    /// <response code="400">validation_failed</response>
    /// <response code="409">secret_already_shown</response>
    /// <response code="503">applications_full</response>
    [HttpPost]
    [Idempotent(StatusCodes.Status201Created, answer: null)]
    [ProducesResponseType<SubmittedResponse>(StatusCodes.Status201Created)]
    public async Task<ActionResult<SubmittedResponse>> Submit(SubmitApplicationRequest request, CancellationToken ct)
    {
        var waiting = db.Applications.Where(a => Waiting.Contains(a.Status)).OrderBy(a => a.Id).Take(options.MaxWaiting);
        if (await waiting.CountAsync(ct) == options.MaxWaiting)
            throw Refuse.Unavailable("applications_full", "Too many applications are waiting for a decision. Try again in a few days.");

        var now = clock.GetUtcNow();
        var id = Ids.New("app", now);
        var (token, hash) = OneTimeToken.Draw();
        var application = Application.Submit(id, request, request.Applicant.Seal(id, box), hash, now);
        db.Applications.Add(application);
        await db.SaveChangesAsync(ct);
        Response.Headers.CacheControl = "no-store";
        return CreatedAtAction(nameof(Get), new { id }, new SubmittedResponse(id, application.Status, token, now));
    }

    /// <summary>Returns an application: to the applicant with its status token, or to the platform's admin.</summary>
    /// <param name="id">The application.</param>
    /// <param name="statusToken">From the response to the submission. It is never sent in the URL.</param>
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
                    $"No credential was sent. Send the status token of the application as {TokenHeader}, or a credential of the "
                        + "platform's admin.");
        }

        return caller.Has(Scopes.TenantOnboard)
            ? caller.IsPlatformAdmin
            : throw Refuse.Forbidden(
                "missing_scope", $"This call needs the scope '{Scopes.TenantOnboard}'. Use a key or token that has it.")
                .With("required_permission", Scopes.TenantOnboard);
    }
}

/// <summary>The options of the intake of applications.</summary>
/// <param name="MaxWaiting">How many applications may wait for a decision, because anyone can create these rows.</param>
internal sealed record ApplicationOptions(int MaxWaiting)
{
    private const int DefaultMaxWaiting = 1_000;

    /// <summary>Reads <c>Applications:MostWaiting</c>.</summary>
    public static ApplicationOptions From(IConfiguration configuration) =>
        configuration.GetValue("Applications:MostWaiting", DefaultMaxWaiting) is >= 1 and var max
            ? new ApplicationOptions(max)
            : throw new StartRefusedException("Applications:MostWaiting must be 1 or more.");
}

namespace Aegis.Auth.People.Onboarding;

/// <summary>
/// The page of a claim link. GET changes nothing, so that programs that fetch links from mail do no harm; the button on the page makes the
/// key. The token in the address is the credential, so only the route template is ever logged.
/// </summary>
[ApiController]
[Route("claim/{token}")]
[AllowAnonymous]
[Tags("Onboarding")]
internal sealed class ClaimController(ClaimAcceptance acceptance, IPublicUrl publicUrl) : ControllerBase
{
    private const string Html = "text/html";

    /// <summary>Shows the claim: a page with a button, or JSON for clients that accept only JSON.</summary>
    /// <param name="token">From the <c>claimUrl</c> of an approval.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <response code="200">A key can be fetched with POST.</response>
    /// <response code="404">claim_unknown</response>
    /// <response code="410">claim_used, claim_expired</response>
    [HttpGet]
    [GetOnly]
    [ProducesResponseType<ClaimResponse>(StatusCodes.Status200OK, "application/json", Html)]
    public Task<IActionResult> Show(string token, CancellationToken ct) => Answer(async () =>
    {
        var found = await acceptance.Look(token, ct);
        return (found, ClaimPage.Ready(found));
    });

    /// <summary>Makes the first API key and shows it, once.</summary>
    /// <param name="token">From the <c>claimUrl</c> of an approval.</param>
    /// <param name="ct">Ends with the connection.</param>
    /// <response code="200">The key. It is shown only this time.</response>
    /// <response code="404">claim_unknown</response>
    /// <response code="410">claim_used, claim_expired</response>
    [HttpPost]
    [ProducesResponseType<ClaimedKeyResponse>(StatusCodes.Status200OK, "application/json", Html)]
    public Task<IActionResult> Redeem(string token, CancellationToken ct) => Answer(async () =>
    {
        var made = await acceptance.Redeem(token, ct);
        return (made, ClaimPage.Shown(made, publicUrl.Value));
    });

    private async Task<IActionResult> Answer<T>(Func<Task<(T Body, string Page)>> work)
    {
        Response.Headers.CacheControl = "no-store";
        if (WantsJson()) return Ok((await work()).Body);

        RefusalPages.SetHeaders(Response);
        try
        {
            return Page(StatusCodes.Status200OK, (await work()).Page);
        }
        catch (RefusedException refused) when (refused.Code.StartsWith("claim_", StringComparison.Ordinal))
        {
            return Page(refused.Status, ClaimPage.Refused(refused));
        }
    }

    private static ContentResult Page(int status, string html) =>
        new() { StatusCode = status, Content = html, ContentType = $"{Html}; charset=utf-8" };

    private bool WantsJson()
    {
        var accepted = Request.GetTypedHeaders().Accept;
        return accepted.Any(a => a.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase))
            && !accepted.Any(a => a.MediaType.Equals(Html, StringComparison.OrdinalIgnoreCase));
    }
}

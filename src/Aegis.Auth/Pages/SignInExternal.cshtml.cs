using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace Aegis.Auth.Pages;

/// <summary>
/// Sends people to the external provider, and signs them in when they come back. A person who is already signed in is re-authenticated in
/// the same way.
/// </summary>
[AllowAnonymous]
[GetOnly]
internal sealed class SignInExternalPage(
    ExternalOptions options, IPublicUrl publicUrl, TimeProvider clock, ILogger<SignInExternalPage> log) : PageModel
{
    private const string Purpose = "external sign-in";

    public string ProviderName => options.Client!.Name;

    /// <summary>True for a re-authentication.</summary>
    public bool IsAgain { get; private set; }

    private string CookieName =>
        publicUrl.Value.StartsWith("https:", StringComparison.Ordinal) ? "__Host-aegis-external" : "aegis-external";

    private IDataProtector Protector => HttpContext.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);

    public async Task<IActionResult> OnGet(string? returnUrl, bool again, CancellationToken ct)
    {
        if (options.Client is null) return RedirectToPage("/SignIn", new { returnUrl });
        var login = again ? HttpContext.FindCaller()?.SessionId : null;
        IsAgain = login is not null;
        try
        {
            var (attempt, address) = await HttpContext.RequestServices.GetRequiredService<ExternalProvider>()
                .Begin(Url.IsLocalUrl(returnUrl) ? returnUrl : null, login, ct);
            Response.Cookies.Append(CookieName, Protector.Protect(JsonSerializer.Serialize(attempt)), Cookie());
            return Redirect(address);
        }
        catch (ExternalException failed)
        {
            return Failed(failed);
        }
    }

    public async Task<IActionResult> OnGetCallback(string? code, string? state, CancellationToken ct)
    {
        if (options.Client is null) throw Refuse.NotFound("provider");
        var attempt = Attempt();
        Response.Cookies.Delete(CookieName, Cookie());
        if (attempt is null || string.IsNullOrEmpty(state) || !ExternalProvider.AreEqual(state, attempt.State)
            || attempt.IsOver(clock.GetUtcNow()))
            return Say(StatusCodes.Status400BadRequest, "This sign-in took too long, or began in another browser. Try again.");
        IsAgain = attempt.Login is not null;
        if (string.IsNullOrEmpty(code)) return Say(StatusCodes.Status403Forbidden, $"{ProviderName} did not let you in.");
        try
        {
            var services = HttpContext.RequestServices;
            var person = await services.GetRequiredService<ExternalProvider>().Redeem(code, attempt, ct);
            if (IsAgain) return await Reauthenticate(attempt, person, ct);
            if (await services.GetRequiredService<ExternalSignIn>().Recognize(person, ct) is not { } user)
                return Say(StatusCodes.Status403Forbidden,
                    "No user of Aegis has this account. Ask an admin of your organization to invite your e-mail address.");
            await PersonCookie.Send(
                HttpContext, await services.GetRequiredService<LoginSessions>().Begin(user, LoginSessions.Web, ["ext"], HttpContext, ct));
            return LocalRedirect(SignInPage.Target(Url, attempt.ReturnUrl));
        }
        catch (ExternalException failed)
        {
            return Failed(failed);
        }
    }

    /// <summary>
    /// Requires that the attempt began in this login, that the provider named the same person, and that the person signed in there for it.
    /// </summary>
    private async Task<IActionResult> Reauthenticate(ExternalAttempt attempt, ExternalPerson person, CancellationToken ct)
    {
        if (HttpContext.FindCaller() is not { } caller || caller.SessionId != attempt.Login)
            return Say(StatusCodes.Status400BadRequest, "You started this with another login. Try again.");
        var services = HttpContext.RequestServices;
        var recent = services.GetRequiredService<RecentSignIn>();
        if (attempt.Caused(person.SignedInAt, clock.GetUtcNow())
            && await services.GetRequiredService<ExternalSignIn>().IsLinked(person, caller.UserId, ct))
        {
            await recent.RecordSuccess(caller, "ext", ct);
            return LocalRedirect(SignInPage.Target(Url, attempt.ReturnUrl));
        }

        await recent.RecordFailure(caller, "ext", ct);
        return Say(StatusCodes.Status403Forbidden,
            $"{ProviderName} did not confirm that you, {caller.Name}, have just signed in there. Try again with your own account.");
    }

    private ExternalAttempt? Attempt()
    {
        try
        {
            return Request.Cookies[CookieName] is { } kept ? JsonSerializer.Deserialize<ExternalAttempt>(Protector.Unprotect(kept)) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null; // not our cookie, or protected with a key that was deleted
        }
    }

    private CookieOptions Cookie() => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Secure = publicUrl.Value.StartsWith("https:", StringComparison.Ordinal),
    };

    private PageResult Failed(ExternalException failed)
    {
        if (HttpContext.RequestServices.GetRequiredService<StrangerCalls>().MayLog(HttpContext)) Log.ExternalFailed(log, failed.Message);
        return Say(StatusCodes.Status502BadGateway,
            $"The sign-in with {ProviderName} failed. Try again. If it fails again, tell the operator of this installation.");
    }

    private PageResult Say(int status, string sentence)
    {
        ModelState.Clear();
        ModelState.AddModelError("", sentence);
        return new PageResult { StatusCode = status };
    }
}

using Microsoft.AspNetCore.Authentication;

namespace Aegis.Auth.Pages;

/// <summary>Ends the login of this browser, everywhere, when the button is pressed.</summary>
[AllowAnonymous]
internal sealed class SignOutPage(LoginSessions logins) : PageModel
{
    /// <summary>Shows the button. A link alone must not sign anybody out.</summary>
    public IActionResult OnGet() => Page();

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        if (HttpContext.FindCaller()?.SessionId is { } session) await logins.End(session, ct);
        await HttpContext.SignOutAsync(PersonCookie.Scheme);
        return RedirectToPage("/SignIn", new { Done = "out" });
    }
}

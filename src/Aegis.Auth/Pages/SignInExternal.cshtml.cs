using Aegis.Auth.SignIn.External;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Aegis.Auth.Pages;

/// <summary>Leads to the provider that people sign in with.</summary>
[AllowAnonymous]
internal sealed class SignInExternalPage(PeopleOptions options, ILogger<SignInExternalPage> log) : PageModel
{
    public async Task<IActionResult> OnGet(string? returnUrl)
    {
        if (options.External is not { } external) return RedirectToPage("/SignIn", new { returnUrl });
        try
        {
            await HttpContext.ChallengeAsync(ExternalScheme.Scheme, new AuthenticationProperties { RedirectUri = SignInPage.Target(Url, returnUrl) });
            return new EmptyResult();
        }
        catch (Exception away) when (away is InvalidOperationException or HttpRequestException or TaskCanceledException or OpenIdConnectProtocolException)
        {
            Log.ExternalSignInUnavailable(log, away.GetType().Name, away);
            throw Refuse.Unavailable("sign_in_unavailable", $"Signing in with {external.Name} is not possible now. Try again in a moment; if it stays so, tell whoever runs this installation.");
        }
    }
}

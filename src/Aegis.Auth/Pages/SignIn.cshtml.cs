using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Auth.Pages;

/// <summary>
/// The page where people sign in: with a password, and a one-time code if they have an authenticator, or with a passkey.
/// </summary>
[AllowAnonymous]
internal sealed class SignInPage(
    PasswordSignIn passwords, PasskeySignIn passkeys, UserManager<User> users, CompleteSignIn signIn, ExternalOptions external) : PageModel
{
    private const string DefaultTarget = "/settings/api-keys";

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>The answer of the browser's authenticator, as JSON.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>The external provider that people sign in with, or null.</summary>
    public string? Provider => external.Client?.Name;

    public string? StatusMessage => Done switch
    {
        "out" => "You are signed out.",
        "password" => "Your password is set. Sign in with it now.",
        _ => null,
    };

    public IActionResult OnGet() => HttpContext.FindCaller() is null ? Page() : LocalRedirect(Target(Url, ReturnUrl));

    /// <summary>With an external provider this page accepts no passwords and no passkeys.</summary>
    [NonHandler] // otherwise a call with the HTTP method PAGE would run it
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (Provider is not null && HttpMethods.IsPost(Request.Method))
            throw Kernel.Web.Refusals.Refuse.Forbidden(
                "sign_in_elsewhere", $"This installation accepts no passwords and passkeys. Sign in with {Provider}.");
    }

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(Email)) ModelState.AddModelError(nameof(Email), "Enter your e-mail address.");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Enter your password.");
        if (!ModelState.IsValid) return Page();
        if (Email!.Length > 254 || Password!.Length > PasswordRules.MaxLength
            || await passwords.Recognize(HttpContext, Email, Password, ct) is not { } user)
            return Refuse(
                "The e-mail address or the password is wrong, or the account is disabled or locked. An account is locked for 15 minutes "
                    + "after five wrong passwords.");

        if (await users.GetTwoFactorEnabledAsync(user))
        {
            await HalfSignIn.Keep(HttpContext, user);
            return RedirectToPage("/SignInCode", new { ReturnUrl });
        }

        await signIn.Begin(user, ["pwd"], HttpContext, ct);
        return LocalRedirect(Target(Url, ReturnUrl));
    }

    public async Task<IActionResult> OnPostPasskeyOptions() => Content(await passkeys.Ask(known: null), "application/json");

    public async Task<IActionResult> OnPostPasskey(CancellationToken ct)
    {
        var (user, wrong) = await passkeys.Recognize(Credential, HttpContext, ct);
        if (user is null) return Refuse(wrong);
        await signIn.Begin(user, ["hwk"], HttpContext, ct);
        return LocalRedirect(Target(Url, ReturnUrl));
    }

    /// <summary>The page to return to. An address of another site is replaced by the default page.</summary>
    public static string Target(IUrlHelper urls, string? returnUrl) => urls.IsLocalUrl(returnUrl) ? returnUrl! : DefaultTarget;

    private PageResult Refuse(string sentence)
    {
        ModelState.AddModelError("", sentence); // for no field, so that it does not reveal which one was wrong
        Password = null;
        return new PageResult { StatusCode = StatusCodes.Status403Forbidden };
    }
}

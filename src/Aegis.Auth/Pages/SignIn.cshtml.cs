using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Auth.Pages;

/// <summary>Where people sign in: with a password, and a one-time code where there is an authenticator; or with a passkey.</summary>
[AllowAnonymous]
internal sealed class SignInPage(
    PasswordSignIn passwords, PasskeySignIn passkeys, UserManager<User> users, CompleteSignIn signIn, ExternalOptions external) : PageModel
{
    private const string Home = "/settings/api-keys";

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    /// <summary>What the browser's authenticator said.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>The provider that people sign in with instead; null where they sign in here.</summary>
    public string? Provider => external.Client?.Name;

    public string? Said => Done switch
    {
        "out" => "You are signed out.",
        "password" => "Your password is set. Sign in with it now.",
        _ => null,
    };

    public IActionResult OnGet() => HttpContext.FindCaller() is null ? Page() : LocalRedirect(Target(Url, ReturnUrl));

    /// <summary>With an external provider nothing here takes passwords or passkeys.</summary>
    [NonHandler] // else a method named PAGE would call it
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (Provider is not null && HttpMethods.IsPost(Request.Method))
            throw Kernel.Web.Refusals.Refuse.Forbidden("sign_in_elsewhere", $"Sign in with {Provider}: this installation takes no passwords.");
    }

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(Email)) ModelState.AddModelError(nameof(Email), "Enter your e-mail address.");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Enter your password.");
        if (!ModelState.IsValid) return Page();
        if (Email!.Length > 254 || Password!.Length > PasswordRules.MaxLength
            || await passwords.Recognize(HttpContext, Email, Password, ct) is not { } user)
            return Refuse(
                "The e-mail address or the password is wrong; or the account is locked for 15 minutes after five wrong passwords, or "
                    + "disabled.");

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

    /// <summary>A page of ours; another site's address leads home.</summary>
    public static string Target(IUrlHelper urls, string? returnUrl) => urls.IsLocalUrl(returnUrl) ? returnUrl! : Home;

    private PageResult Refuse(string sentence)
    {
        ModelState.AddModelError("", sentence); // of neither field: which one was wrong is nobody's business
        Password = null;
        return new PageResult { StatusCode = StatusCodes.Status403Forbidden };
    }
}

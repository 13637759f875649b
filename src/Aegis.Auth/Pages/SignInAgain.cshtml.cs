using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Auth.Pages;

/// <summary>Authenticates a person again who is signed in, and leads back to the page that required it.</summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class SignInAgainPage(
    Reauthentication reauthentication, RecentSignIn recent, AuthOptions options, ExternalOptions external, Caller caller) : PageModel
{
    public const string Path = "/sign-in/again";

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>The answer of the browser's authenticator, as JSON.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string Email { get; private set; } = "";

    public bool HasAuthenticator { get; private set; }

    public bool HasPasskey { get; private set; }

    public int Minutes => (int)options.ProofLifetime.TotalMinutes;

    /// <summary>The external provider that people sign in with, or null.</summary>
    public string? Provider => external.Client?.Name;

    /// <summary>With an external provider this page accepts no passwords and no passkeys.</summary>
    [NonHandler] // otherwise a call with the HTTP method PAGE would run it
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (Provider is not null && HttpMethods.IsPost(Request.Method))
            throw Refuse.Forbidden("sign_in_elsewhere", $"This installation accepts no passwords and passkeys. Sign in with {Provider}.");
    }

    public async Task<IActionResult> OnGet(CancellationToken ct) => await recent.IsRecent(caller, ct) ? Back() : await Show(ct);

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        var needsCode = await reauthentication.HasAuthenticator(caller, ct);
        var code = CodeText.Clean(Code);
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Enter your password.");
        if (needsCode && !CodeText.IsCode(code))
            ModelState.AddModelError(nameof(Code), "Enter the six digits that your authenticator shows.");
        if (!ModelState.IsValid) return await Show(ct);
        if (await reauthentication.ByPassword(caller, Password!, code, HttpContext, ct) is not { } failure) return Back();
        return await Reject(failure.Method == "otp" ? nameof(Code) : nameof(Password), failure.Sentence, ct);
    }

    public async Task<IActionResult> OnPostPasskeyOptions(CancellationToken ct) =>
        Content(await reauthentication.AskPasskey(caller, ct), "application/json");

    public async Task<IActionResult> OnPostPasskey(CancellationToken ct) =>
        await reauthentication.ByPasskey(caller, Credential, HttpContext, ct) is { } failure
            ? await Reject("", failure.Sentence, ct)
            : Back();

    private LocalRedirectResult Back() => LocalRedirect(SignInPage.Target(Url, ReturnUrl));

    private async Task<IActionResult> Reject(string field, string sentence, CancellationToken ct)
    {
        ModelState.AddModelError(field, sentence);
        var page = await Show(ct);
        page.StatusCode = StatusCodes.Status403Forbidden;
        return page;
    }

    private async Task<PageResult> Show(CancellationToken ct)
    {
        (Password, Code) = (null, null);
        Email = (await reauthentication.Find(caller, ct)).Email;
        (HasAuthenticator, HasPasskey) =
            (await reauthentication.HasAuthenticator(caller, ct), await reauthentication.HasPasskey(caller, ct));
        return Page();
    }
}

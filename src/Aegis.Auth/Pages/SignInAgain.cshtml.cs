using Microsoft.AspNetCore.Mvc.Filters;

namespace Aegis.Auth.Pages;

/// <summary>Asks a person who is signed in to prove it once more, and leads back to what needed that.</summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class SignInAgainPage(
    Reauthentication reauthentication, RecentSignIn proof, AuthOptions options, ExternalOptions external, Caller caller) : PageModel
{
    public const string Path = "/sign-in/again";

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Code { get; set; }

    /// <summary>What the browser's authenticator said.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public string Email { get; private set; } = "";

    public bool HasAuthenticator { get; private set; }

    public bool HasPasskey { get; private set; }

    public int Minutes => (int)options.ProofCounts.TotalMinutes;

    /// <summary>The provider that people prove it to instead; null where they do so here.</summary>
    public string? Provider => external.Client?.Name;

    /// <summary>With an external provider nothing here takes passwords or passkeys.</summary>
    [NonHandler] // else a method named PAGE would call it
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (Provider is not null && HttpMethods.IsPost(Request.Method))
            throw Refuse.Forbidden("sign_in_elsewhere", $"Sign in with {Provider}: this installation takes no passwords.");
    }

    public async Task<IActionResult> OnGet(CancellationToken ct) => await proof.IsRecent(caller, ct) ? Back() : await Show(ct);

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        var needsCode = await reauthentication.HasAuthenticator(caller, ct);
        var code = CodeText.Clean(Code);
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Enter your password.");
        if (needsCode && !CodeText.IsCode(code))
            ModelState.AddModelError(nameof(Code), "Enter the six digits that your authenticator shows.");
        if (!ModelState.IsValid) return await Show(ct);
        if (await reauthentication.ByPassword(caller, Password!, code, HttpContext, ct) is not { } wrong) return Back();
        return await Reject(wrong.By == "otp" ? nameof(Code) : nameof(Password), wrong.Sentence, ct);
    }

    public async Task<IActionResult> OnPostPasskeyOptions(CancellationToken ct) =>
        Content(await reauthentication.AskPasskey(caller, ct), "application/json");

    public async Task<IActionResult> OnPostPasskey(CancellationToken ct) =>
        await reauthentication.ByPasskey(caller, Credential, HttpContext, ct) is { } wrong ? await Reject("", wrong.Sentence, ct) : Back();

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

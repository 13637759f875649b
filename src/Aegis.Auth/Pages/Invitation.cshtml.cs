using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.Pages;

/// <summary>
/// The page where an invited person chooses a password. Opening it changes nothing. The token in its address is the credential.
/// </summary>
[AllowAnonymous]
[GetOnly]
internal sealed class InvitationPage(InvitationAcceptance acceptance, ExternalOptions external) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Again { get; set; }

    public Invited? Invited { get; private set; }

    public async Task<IActionResult> OnGet(string token, CancellationToken ct)
    {
        Invited = await acceptance.Look(token, ct);
        return external.Client is null ? Page() : RedirectToPage("/SignIn"); // passwords are kept by the external provider
    }

    public async Task<IActionResult> OnPost(string token, CancellationToken ct)
    {
        if (external.Client is not null) return RedirectToPage("/SignIn");
        Invited = await acceptance.Look(token, ct);
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > UserNames.MaxLength || !ReadableText.IsOneLine(name))
            ModelState.AddModelError(nameof(Name), "Enter your name.");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Choose a password.");
        else if (Password != Again) ModelState.AddModelError(nameof(Again), "The two passwords are not the same.");
        if (!ModelState.IsValid) return Page();

        foreach (var sentence in await acceptance.Accept(token, name, Password!, ct)) ModelState.AddModelError(nameof(Password), sentence);
        return ModelState.IsValid ? RedirectToPage("/SignIn", new { Done = "password" }) : Page();
    }
}

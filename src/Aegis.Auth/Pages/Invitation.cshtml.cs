using Aegis.Auth.SignIn.External;
using Aegis.Auth.Users;
using Aegis.Kernel.Refusals;
using Aegis.Kernel.Validation;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc;

namespace Aegis.Auth.Pages;

/// <summary>Where an invited person chooses a password. Looking at it changes nothing; the word in the address is the credential.</summary>
[AllowAnonymous]
internal sealed class InvitationPage(InvitationDesk desk, PeopleOptions options) : PageModel
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Again { get; set; }

    public Invited? Invited { get; private set; }

    /// <summary>Where people sign in instead of here, or null.</summary>
    public string? ExternalName => options.External?.Name;

    public async Task OnGet(string token, CancellationToken ct) => Invited = await desk.Look(token, ct);

    public async Task<IActionResult> OnPost(string token, CancellationToken ct)
    {
        if (ExternalName is { } provider) throw Refuse.Forbidden("sign_in_external", $"People sign in with {provider} here.");
        Invited = await desk.Look(token, ct);
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > UserNames.Longest || !ReadableText.IsOneLine(name)) ModelState.AddModelError(nameof(Name), "Enter your name.");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Choose a password.");
        else if (Password != Again) ModelState.AddModelError(nameof(Again), "The two passwords are not the same.");
        if (!ModelState.IsValid) return Page();

        foreach (var sentence in await desk.Accept(token, name, Password!, ct)) ModelState.AddModelError(nameof(Password), sentence);
        return ModelState.IsValid ? RedirectToPage("/SignIn", new { Done = "password" }) : Page();
    }
}

namespace Aegis.Auth.Pages;

/// <summary>Changes the password of a person who knows the current one. Wrong guesses count together with those at the sign-in.</summary>
[RequireScope(RequireScopeAttribute.Any)]
[RequireRecentSignIn]
internal sealed class PasswordPage(AuthDb db, PasswordSignIn signIn, Passwords passwords, KnownBrowsers browsers, Caller caller) : PageModel
{
    [BindProperty]
    public string? Current { get; set; }

    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public string? Again { get; set; }

    public string Email { get; private set; } = "";

    public async Task OnGet(CancellationToken ct) => Email = await Address(ct);

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        Email = await Address(ct);
        if (string.IsNullOrEmpty(Current)) ModelState.AddModelError(nameof(Current), "Enter your current password.");
        if (string.IsNullOrEmpty(Password)) ModelState.AddModelError(nameof(Password), "Choose a new password.");
        else if (Password != Again) ModelState.AddModelError(nameof(Again), "The two passwords are not the same.");
        if (!ModelState.IsValid) return Page();

        if (Current!.Length > PasswordRules.MaxLength || await signIn.Recognize(HttpContext, Email, Current, ct) is not { } user)
            return RejectPassword();
        foreach (var sentence in await passwords.Objections(user, Password!)) ModelState.AddModelError(nameof(Password), sentence);
        if (!ModelState.IsValid) return Page();
        if (!await passwords.Change(user, Current, Password!, kept: caller.SessionId, ct)) return RejectPassword();
        await browsers.Remember(user, HttpContext, ct); // the change has forgotten all browsers, also this one
        return Redirect("/settings?done=password");
    }

    private PageResult RejectPassword()
    {
        ModelState.AddModelError(
            nameof(Current), "This is not your current password, or there were too many wrong ones. Try again, or wait 15 minutes.");
        return Page();
    }

    private Task<string> Address(CancellationToken ct) => db.Users.Where(u => u.Id == caller.UserId).Select(u => u.Email).SingleAsync(ct);
}

using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.Pages;

/// <summary>The second step of signing in: the one-time code.</summary>
[AllowAnonymous]
internal sealed class SignInCodePage(AuthDb db, UserManager<User> users, CompleteSignIn signIn) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnGet(CancellationToken ct) =>
        await HalfSignIn.Find(HttpContext, db, ct) is null ? RedirectToPage("/SignIn", new { ReturnUrl }) : Page();

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        if (await HalfSignIn.Find(HttpContext, db, ct) is not { } user) return RedirectToPage("/SignIn", new { ReturnUrl });
        var code = CodeText.Clean(Code);
        if (!CodeText.IsCode(code)) ModelState.AddModelError(nameof(Code), "Enter the six digits that your authenticator shows.");
        else if (await Verify(user, code) is { } sentence) ModelState.AddModelError(nameof(Code), sentence);
        if (!ModelState.IsValid)
        {
            Code = null;
            return Page();
        }

        await HalfSignIn.Forget(HttpContext);
        await signIn.Begin(user, ["pwd", "otp"], HttpContext, ct); // also saves that the code was used
        return LocalRedirect(SignInPage.Target(Url, ReturnUrl));
    }

    private async Task<string?> Verify(User user, string code)
    {
        try
        {
            return await users.VerifyTwoFactorTokenAsync(user, OneTimeCodeProvider.Name, code)
                ? null
                : "This code is wrong. Enter the current one.";
        }
        catch (RefusedException refused)
        {
            return refused.Message;
        }
    }
}

/// <summary>One-time codes as people type them.</summary>
internal static class CodeText
{
    public static string Clean(string? typed) => string.Concat((typed ?? "").Where(c => !char.IsWhiteSpace(c)));

    public static bool IsCode(string code) => code.Length == Rfc6238.Digits && code.All(char.IsAsciiDigit);
}

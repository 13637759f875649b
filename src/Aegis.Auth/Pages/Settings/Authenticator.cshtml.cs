using Microsoft.AspNetCore.Html;

namespace Aegis.Auth.Pages;

/// <summary>Sets up the authenticator of a person, or replaces it.</summary>
[RequireScope(RequireScopeAttribute.Any)]
[RequireRecentSignIn]
internal sealed class AuthenticatorPage(Authenticators authenticators, Caller caller) : PageModel
{
    [BindProperty]
    public string? Code { get; set; }

    public bool IsOn { get; private set; }

    /// <summary>True after the first code was wrong.</summary>
    public bool IsPending { get; private set; }

    /// <summary>The secret, which is shown only once.</summary>
    public TotpSecretResponse? Offered { get; private set; }

    public IHtmlContent Picture => Offered is null || !QrCode.Fits(Offered.Uri)
        ? HtmlString.Empty
        : new HtmlString(QrCode.ToSvg(Offered.Uri, "QR code of the secret"));

    public async Task OnGet(CancellationToken ct) => IsOn = (await authenticators.Look(caller, ct)).ConfirmedAt is not null;

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        IsOn = (await authenticators.Look(caller, ct)).ConfirmedAt is not null;
        if (IsOn && !CodeText.IsCode(CodeText.Clean(Code)))
        {
            ModelState.AddModelError(nameof(Code), "Enter the six digits that your authenticator shows.");
            return Page();
        }

        return await Show(async () => Offered = await authenticators.Offer(caller, IsOn ? CodeText.Clean(Code) : null, ct));
    }

    public async Task<IActionResult> OnPostConfirm(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        var look = await authenticators.Look(caller, ct);
        (IsOn, IsPending) = (look.ConfirmedAt is not null, look.Pending);
        if (!CodeText.IsCode(CodeText.Clean(Code)))
        {
            ModelState.AddModelError(nameof(Code), "Enter the six digits that your authenticator shows.");
            return Page();
        }

        var answer = await Show(() => authenticators.Confirm(caller, CodeText.Clean(Code), ct));
        return ModelState.IsValid ? Redirect("/settings?done=authenticator") : answer;
    }

    private async Task<IActionResult> Show(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RefusedException refused) when (refused.Code.StartsWith("totp_", StringComparison.Ordinal))
        {
            ModelState.AddModelError(nameof(Code), refused.Message);
        }

        return Page();
    }
}

using Aegis.Kernel.Web.Validation;
using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.Pages;

/// <summary>Lists the person's passkeys, and adds, renames and removes them.</summary>
[RequireScope(RequireScopeAttribute.Any)]
[RequireRecentSignIn]
internal sealed class PasskeysPage(AuthDb db, UserManager<User> users, SignInManager<User> passkeys, Caller caller) : PageModel
{
    [BindProperty]
    public string? Id { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    /// <summary>The answer of the browser's authenticator, as JSON.</summary>
    [BindProperty]
    public string? Credential { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    public IReadOnlyList<Passkey> Passkeys { get; private set; } = [];

    public string? StatusMessage => Done switch
    {
        "added" => "The passkey has been added.",
        "renamed" => "The passkey has been renamed.",
        "removed" => "The passkey has been removed.",
        _ => null,
    };

    public async Task OnGet(CancellationToken ct) =>
        Passkeys = await Own().AsNoTracking().OrderBy(p => p.Id).Take(Passkey.MaxCount).ToListAsync(ct);

    public async Task<IActionResult> OnPostOptions(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.UserId, ct);
        return Content(await passkeys.MakePasskeyCreationOptionsAsync(new() { Id = user.Id, Name = user.Email, DisplayName = user.Name }),
            "application/json");
    }

    public async Task<IActionResult> OnPostAdd(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        if (!IsName(Name)) ModelState.AddModelError(nameof(Name), $"Enter a name of at most {Passkey.MaxNameLength} characters.");
        else if (await Own().CountAsync(ct) >= Passkey.MaxCount)
            ModelState.AddModelError("", $"You have {Passkey.MaxCount} passkeys. Remove one first.");
        else if (await Attest() is { } made) return await Add(made, ct);
        else ModelState.AddModelError("", "No passkey was made, or it took too long. Try again.");
        await OnGet(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostRename(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        var passkey = await Find(ct);
        if (!IsName(Name))
        {
            ModelState.AddModelError(passkey.Id, $"Enter a name of at most {Passkey.MaxNameLength} characters.");
            await OnGet(ct);
            return Page();
        }

        passkey.Rename(Name!.Trim());
        await db.SaveChangesAsync(ct);
        return Redirect("/settings/passkeys?done=renamed");
    }

    public async Task<IActionResult> OnPostRemove(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        var passkey = await Find(ct);
        passkey.RaiseRemoved();
        db.Passkeys.Remove(passkey);
        await db.SaveChangesAsync(ct);
        return Redirect("/settings/passkeys?done=removed");
    }

    private async Task<UserPasskeyInfo?> Attest()
    {
        if (string.IsNullOrEmpty(Credential)) return null;
        try
        {
            var made = await passkeys.PerformPasskeyAttestationAsync(Credential);
            return made.Succeeded && made.UserEntity.Id == caller.UserId
                && made.Passkey.CredentialId.Length <= PasskeyMap.MaxCredentialIdLength ? made.Passkey : null;
        }
        catch (InvalidOperationException)
        {
            return null; // the challenge has expired
        }
    }

    private async Task<IActionResult> Add(UserPasskeyInfo made, CancellationToken ct)
    {
        made.Name = Name!.Trim();
        var user = await db.Users.SingleAsync(u => u.Id == caller.UserId, ct);
        await users.AddOrUpdatePasskeyAsync(user, made);
        return Redirect("/settings/passkeys?done=added");
    }

    private IQueryable<Passkey> Own() => db.Passkeys.Where(p => p.UserId == caller.UserId);

    private async Task<Passkey> Find(CancellationToken ct) =>
        await Own().SingleOrDefaultAsync(p => p.Id == Id, ct) ?? throw Refuse.NotFound("passkey");

    private static bool IsName(string? name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= Passkey.MaxNameLength && ReadableText.IsOneLine(name);
}

namespace Aegis.Auth.Pages;

/// <summary>
/// Shows the signed-in person, with links to the pages of this folder. <see cref="PasswordPage"/>, <see cref="AuthenticatorPage"/> and
/// <see cref="PasskeysPage"/> change how the person signs in, so they require a recent sign-in. <see cref="SessionsPage"/> lists and ends
/// logins. The folder ApiKeys has the pages for keys. With an external provider there are no passwords and passkeys to change.
/// </summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class AccountPage(AuthDb db, Caller caller, ExternalOptions external) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>The external provider that people sign in with, or null.</summary>
    public string? Provider => external.Client?.Name;

    public User? Person { get; private set; }

    public string OrganizationName { get; private set; } = "";

    public bool HasAuthenticator { get; private set; }

    public int Passkeys { get; private set; }

    public string? StatusMessage => Done switch
    {
        "password" => "Your password has been changed, and your other logins have ended.",
        "authenticator" => "Your authenticator is on. From now on you need one of its codes to sign in with your password.",
        _ => null,
    };

    public async Task OnGet(CancellationToken ct)
    {
        Person = await db.Users.AsNoTracking().SingleAsync(u => u.Id == caller.UserId, ct);
        OrganizationName = await db.Organizations.Where(o => o.Id == Person.OrganizationId).Select(o => o.Name).SingleAsync(ct);
        HasAuthenticator = await db.TotpEnrolments.AnyAsync(t => t.UserId == caller.UserId && t.SealedSecret != null, ct);
        Passkeys = await db.Passkeys.CountAsync(p => p.UserId == caller.UserId, ct);
    }
}

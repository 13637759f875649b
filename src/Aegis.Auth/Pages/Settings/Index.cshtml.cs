namespace Aegis.Auth.Pages;

/// <summary>Who is signed in, and the ways to what protects that.</summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class AccountPage(AuthDb db, Caller caller, ExternalOptions external) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>The provider that people sign in with instead; null where they sign in here.</summary>
    public string? Provider => external.Client?.Name;

    public User? Person { get; private set; }

    public string OrganizationName { get; private set; } = "";

    public bool HasAuthenticator { get; private set; }

    public int Passkeys { get; private set; }

    public string? Said => Done switch
    {
        "password" => "Your password is changed, and your other logins have ended.",
        "authenticator" => "Your authenticator is on. From now on its codes are asked for when you sign in.",
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

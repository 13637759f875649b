using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.Pages;

/// <summary>The keys that the person can see, newest first. Signing in leads here; who may see none is led on to the account.</summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class ApiKeysPage(AuthDb db, Caller caller, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    /// <summary>Expired and revoked ones too.</summary>
    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    public IReadOnlyList<KeyResponse> Keys { get; private set; } = [];

    public string? Next { get; private set; }

    /// <summary>Names of other users, whose keys an admin sees.</summary>
    public IReadOnlyDictionary<string, string> Owners { get; private set; } = new Dictionary<string, string>();

    public string? Said => Done == "revoked" ? "The key is revoked. It stopped working everywhere, with its tokens and sessions." : null;

    public async Task<IActionResult> OnGet(CancellationToken ct)
    {
        if (!caller.Has(Scopes.KeyList)) return Redirect("/settings");
        var now = clock.GetUtcNow();
        var page = await db.ApiKeys.VisibleTo(caller).WithStatus(All ? null : KeyStatus.Active, now)
            .ToPage(new PageQuery(Cursor: Cursor), key => KeyResponse.From(key, now), ct);
        (Keys, Next) = (page.Items, page.NextCursor);
        var others = Keys.Select(k => k.UserId).Where(u => u != caller.UserId).Distinct().ToList();
        Owners = await db.Users.Where(u => others.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.Name, ct);
        return Page();
    }
}

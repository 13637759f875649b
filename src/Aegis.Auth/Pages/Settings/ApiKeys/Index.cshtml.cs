using Aegis.Kernel.Web.Lists;

namespace Aegis.Auth.Pages;

/// <summary>
/// Lists the keys that the person may see, newest first. Signing in leads here; a person who may not list keys is redirected to the
/// account. <see cref="NewKeyPage"/>, <see cref="RotateKeyPage"/> and <see cref="RevokeKeyPage"/> change keys through
/// <see cref="KeyChanges"/>. Making and rotating a key require a recent sign-in. Their answers show the key once, so a repeated form gets
/// the id of the key that the first one made.
/// </summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class ApiKeysPage(AuthDb db, Caller caller, TimeProvider clock) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Cursor { get; set; }

    /// <summary>True to list expired and revoked keys too.</summary>
    [BindProperty(SupportsGet = true)]
    public bool All { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    public IReadOnlyList<KeyResponse> Keys { get; private set; } = [];

    public string? Next { get; private set; }

    /// <summary>The names of the other users whose keys an admin sees.</summary>
    public IReadOnlyDictionary<string, string> Owners { get; private set; } = new Dictionary<string, string>();

    public string? StatusMessage =>
        Done == "revoked" ? "The key is revoked. It no longer works anywhere, and neither do its tokens and sessions." : null;

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

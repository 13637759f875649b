namespace Aegis.Auth.Pages;

/// <summary>Asks for confirmation before a key is revoked.</summary>
[RequireScope(Scopes.KeyRevoke)]
internal sealed class RevokeKeyPage(AuthDb db, KeyChanges changes, Caller caller, TimeProvider clock) : PageModel
{
    public KeyResponse? Key { get; private set; }

    public async Task OnGet(string id, CancellationToken ct) =>
        Key = await db.ApiKeys.AsNoTracking().VisibleTo(caller).SingleOrDefaultAsync(k => k.Id == id, ct) is { } key
            ? KeyResponse.From(key, clock.GetUtcNow())
            : throw Refuse.NotFound("key");

    public async Task<IActionResult> OnPost(string id, CancellationToken ct)
    {
        await changes.Revoke(id, caller, ct);
        return Redirect("/settings/api-keys?done=revoked");
    }
}

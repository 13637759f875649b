namespace Aegis.Auth.Pages;

/// <summary>Replaces a key with a new one.</summary>
[RequireScope(Scopes.KeyCreate)]
[RequireScope(Scopes.KeyRevoke)]
[RequireRecentSignIn]
internal sealed class RotateKeyPage(AuthDb db, KeyChanges changes, Caller caller, TimeProvider clock) : PageModel
{
    public static readonly IReadOnlyList<(string Value, string Label)> Overlaps =
        [("0", "now"), ("15m", "in 15 minutes"), ("1h", "in 1 hour"), ("24h", "in 24 hours")];

    [BindProperty]
    public string Overlap { get; set; } = "1h";

    public KeyResponse? Key { get; private set; }

    public NewKeyResponse? Made { get; private set; }

    /// <summary>The key that has already replaced it, for example after a double click; or null.</summary>
    public string? Earlier => Made is null ? Key?.ReplacedBy : null;

    public async Task OnGet(string id, CancellationToken ct) => Key = await Find(id, ct);

    public async Task<IActionResult> OnPost(string id, CancellationToken ct)
    {
        Key = await Find(id, ct);
        if (!RotateKeyValidator.Overlaps.TryGetValue(Overlap, out var overlap))
        {
            ModelState.AddModelError(nameof(Overlap), "Choose when the old key ends.");
            return Page();
        }

        try
        {
            Made = await changes.Rotate(id, overlap, caller, ct);
        }
        catch (RefusedException refused) when (refused.Status is 403 or 409)
        {
            ModelState.AddModelError(nameof(Overlap), refused.Message);
            Key = await Find(id, ct);
        }

        return Earlier is null ? Page() : new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private async Task<KeyResponse> Find(string id, CancellationToken ct) =>
        await db.ApiKeys.AsNoTracking().VisibleTo(caller).SingleOrDefaultAsync(k => k.Id == id, ct) is { } key
            ? KeyResponse.From(key, clock.GetUtcNow())
            : throw Refuse.NotFound("key");
}

namespace Aegis.Auth.Pages;

/// <summary>Lists the person's logins. Each one except the current one can be ended here.</summary>
[RequireScope(RequireScopeAttribute.Any)]
internal sealed class SessionsPage(AuthDb db, LoginSessions logins, History history, Caller caller, TimeProvider clock) : PageModel
{
    private const int MaxShown = 100;

    [BindProperty]
    public string? Id { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Done { get; set; }

    public IReadOnlyList<Login> Logins { get; private set; } = [];

    public async Task OnGet(CancellationToken ct)
    {
        var open = await db.OpenSessions(caller.UserId!, clock.GetUtcNow()).AsNoTracking().Where(s => s.Client != null)
            .OrderByDescending(s => s.Id).Take(MaxShown).ToListAsync(ct);
        Logins = open.ConvertAll(s => new Login(
            s.Id, s.Client!, s.Id == caller.SessionId, history.Open(s.SealedFacts, Session.Subject(s.Id)).Address, s.CreatedAt,
            s.ExpiresAt));
    }

    public async Task<IActionResult> OnPost(CancellationToken ct)
    {
        caller.RequireSteppedUp();
        if (!await db.Sessions.AnyAsync(s => s.Id == Id && s.UserId == caller.UserId && s.Client != null, ct))
            throw Refuse.NotFound("login");
        await logins.End(Id!, ct);
        return Redirect("/settings/sessions?done=ended");
    }
}

/// <param name="Id"><c>ses_…</c>.</param>
/// <param name="Client">The browser or program.</param>
/// <param name="IsCurrent">True for the login that shows the page.</param>
/// <param name="Address">The address that it came from, or null.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record Login(string Id, string Client, bool IsCurrent, string? Address, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

namespace Aegis.Auth.People.SignIn;

/// <summary>Manages the cookie of known browsers and the rows that belong to it.</summary>
internal sealed class KnownBrowsers(AuthDb db, IPublicUrl publicUrl, TimeProvider clock)
{
    private const string Name = "aegis-known";
    private const int MaxUsersOfBrowser = 100; // enough for a shared workstation

    private bool IsHttps => publicUrl.Value.StartsWith("https:", StringComparison.Ordinal);

    private string CookieName => IsHttps ? $"__Host-{Name}" : Name;

    /// <summary>
    /// The browser of this call, if the user with this e-mail address is known in it. The same query runs whether the user exists or not,
    /// so that its time tells nothing.
    /// </summary>
    public async Task<KnownBrowser?> Find(HttpContext http, string email, CancellationToken ct) =>
        HashOf(http) is { } hash
            ? await db.KnownBrowsers.SingleOrDefaultAsync(
                b => b.TokenHash == hash && db.Users.Any(u => u.Id == b.UserId && u.Email == email), ct)
            : null;

    /// <summary>
    /// Remembers the browser of a completed sign-in with a new token, and saves. Other users who are known in this browser stay known.
    /// </summary>
    public async Task Remember(User user, HttpContext http, CancellationToken ct)
    {
        var (token, hash) = OneTimeToken.Draw();
        var before = HashOf(http);
        await db.RetryOnConflict(async () =>
        {
            var now = clock.GetUtcNow();
            var here = before is null ? [] : await db.KnownBrowsers.Where(b => b.TokenHash == before).OrderByDescending(b => b.Id)
                .Take(MaxUsersOfBrowser).ToListAsync(ct);
            foreach (var other in here.Where(b => b.UserId != user.Id)) other.ReplaceToken(hash);
            db.RemoveRange(here.Where(b => b.UserId == user.Id));

            var elsewhere = await db.KnownBrowsers.Where(b => b.UserId == user.Id && b.TokenHash != before).OrderByDescending(b => b.Id)
                .ToListAsync(ct);
            db.RemoveRange(elsewhere.Skip(KnownBrowser.MaxForUser - 1));
            db.KnownBrowsers.Add(KnownBrowser.Of(user, hash, now));
            await db.SaveChangesAsync(ct);
        });
        http.Response.Cookies.Append(CookieName, token, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            Secure = IsHttps,
            IsEssential = true,
            MaxAge = KnownBrowser.Lifetime,
        });
    }

    private byte[]? HashOf(HttpContext http) =>
        http.Request.Cookies[CookieName] is { } token && OneTimeToken.IsWellFormed(token) ? OneTimeToken.HashOf(token) : null;
}

internal static class KnownBrowserQueries
{
    /// <summary>Forgets all browsers of a user; the caller saves.</summary>
    public static async Task ForgetBrowsers(this AuthDb db, string userId, CancellationToken ct) =>
        db.RemoveRange(await db.KnownBrowsers.Where(b => b.UserId == userId).ToListAsync(ct));
}

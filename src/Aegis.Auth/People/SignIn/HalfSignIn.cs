using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Aegis.Auth.People.SignIn;

/// <summary>Who has proved a password and not yet shown a one-time code: for five minutes, in a cookie that admits to nothing.</summary>
internal static class HalfSignIn
{
    /// <summary>Identity's own scheme for it, where it keeps the challenges of passkeys too.</summary>
    public const string Scheme = "Identity.TwoFactorUserId"; // IdentityConstants.TwoFactorUserIdScheme, which is no constant

    public const string CookieName = "aegis-half";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string PasswordClaim = "password";

    public static Task Keep(HttpContext http, User user)
    {
        var identity = new ClaimsIdentity([new Claim("sub", user.Id), new Claim(PasswordClaim, Mark(user))], Scheme);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>The user, while the password that was proved is still the user's.</summary>
    public static async Task<User?> Find(HttpContext http, AuthDb db, CancellationToken ct)
    {
        if ((await http.AuthenticateAsync(Scheme)).Principal is not { } half || half.FindFirst("sub")?.Value is not { } id) return null;
        return await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.DisabledAt == null, ct) is { PasswordHash: not null } user
            && half.FindFirst(PasswordClaim)?.Value == Mark(user) ? user : null;
    }

    public static Task Forget(HttpContext http) => http.SignOutAsync(Scheme);

    private static string Mark(User user) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(user.PasswordHash!)), 0, 8);
}

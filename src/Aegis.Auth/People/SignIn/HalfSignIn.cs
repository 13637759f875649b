using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// The state between the password and the one-time code. It is a cookie that works for five minutes and gives no access.
/// </summary>
internal static class HalfSignIn
{
    /// <summary>Identity's scheme for this cookie. Identity stores the challenges of passkeys in it too.</summary>
    public const string Scheme = "Identity.TwoFactorUserId"; // IdentityConstants.TwoFactorUserIdScheme, which is not a constant

    public const string CookieName = "aegis-half";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string PasswordClaim = "password";

    public static Task Keep(HttpContext http, User user)
    {
        var identity = new ClaimsIdentity([new Claim("sub", user.Id), new Claim(PasswordClaim, PasswordMark(user))], Scheme);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity));
    }

    /// <summary>The user of the cookie; null when there is none, or the password has changed since.</summary>
    public static async Task<User?> Find(HttpContext http, AuthDb db, CancellationToken ct)
    {
        if ((await http.AuthenticateAsync(Scheme)).Principal is not { } half || half.FindFirst("sub")?.Value is not { } id) return null;
        return await db.Users.SingleOrDefaultAsync(u => u.Id == id && u.DisabledAt == null, ct) is { PasswordHash: not null } user
            && half.FindFirst(PasswordClaim)?.Value == PasswordMark(user) ? user : null;
    }

    public static Task Forget(HttpContext http) => http.SignOutAsync(Scheme);

    private static string PasswordMark(User user) =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(user.PasswordHash!)), 0, 8);
}

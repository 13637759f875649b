namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Completes a sign-in after all factors were verified: begins the login and remembers the browser as known for this user.
/// </summary>
internal sealed class CompleteSignIn(LoginSessions logins, KnownBrowsers browsers)
{
    /// <summary>Saves the login with the other tracked changes, such as a used one-time code, and sends the cookies.</summary>
    /// <param name="user">The person.</param>
    /// <param name="methods">The methods used, as named by RFC 8176: <c>pwd</c>, <c>otp</c>, <c>hwk</c>.</param>
    /// <param name="http">The call.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task Begin(User user, IReadOnlyList<string> methods, HttpContext http, CancellationToken ct)
    {
        var login = await logins.Begin(user, LoginSessions.Web, methods, http, ct);
        await browsers.Remember(user, http, ct);
        await PersonCookie.Send(http, login);
    }
}

namespace Aegis.Auth.People.SignIn;

/// <summary>What follows when a person has proved all that is asked for: the login begins, and the browser is known from now on.</summary>
internal sealed class CompleteSignIn(LoginSessions logins, KnownBrowsers browsers)
{
    /// <summary>Saves the login, with whatever else the proof changed, and sends the cookies.</summary>
    /// <param name="user">Who.</param>
    /// <param name="methods">How, in words of RFC 8176: <c>pwd</c>, <c>otp</c>, <c>hwk</c>.</param>
    /// <param name="http">The call.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task Begin(User user, IReadOnlyList<string> methods, HttpContext http, CancellationToken ct)
    {
        var login = await logins.Begin(user, LoginSessions.Web, methods, http, ct);
        await browsers.Remember(user, http, ct);
        await PersonCookie.Send(http, login);
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// The cookie of a person in a browser. It contains only the id of the login. Each request checks whether the login is still valid, as it
/// does for a token, so there is no security stamp and a login that was ended stops at once.
/// </summary>
internal sealed class PersonCookie(IPublicUrl publicUrl, Admission admission) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = "Person";
    public const string SessionClaim = "sid";

    private const string Name = "aegis";

    public void Configure(CookieAuthenticationOptions options)
    {
        // Only the named options below are configured.
    }

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name is not (Scheme or HalfSignIn.Scheme)) return;
        var cookie = name == Scheme ? Name : HalfSignIn.CookieName;
        var isHttps = publicUrl.Value.StartsWith("https:", StringComparison.Ordinal);
        options.Cookie.Name = isHttps ? $"__Host-{cookie}" : cookie;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.SlidingExpiration = false;
        options.ExpireTimeSpan = name == Scheme ? Session.LoginLifetime : HalfSignIn.Lifetime;
        if (name == Scheme) options.Events = new CookieAuthenticationEvents { OnValidatePrincipal = Admit };
    }

    /// <summary>Sends the cookie of a login that has begun.</summary>
    public static Task Send(HttpContext http, Session login)
    {
        var identity = new ClaimsIdentity([new Claim("sub", login.UserId), new Claim(SessionClaim, login.Id)], Scheme);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity),
            new AuthenticationProperties { IssuedUtc = login.CreatedAt, ExpiresUtc = login.ExpiresAt });
    }

    private async Task Admit(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        try
        {
            var id = context.Principal?.FindFirst(SessionClaim)?.Value ?? throw Refused.InvalidToken();
            http.Enter(await admission.AdmitLogin(id, scopes: null, http.RequestAborted), Scheme);
        }
        catch (RefusedException refused)
        {
            http.Leave(refused);
            context.RejectPrincipal();
        }
    }
}

namespace Aegis.Auth.People.Logins;

/// <summary>Writes the tokens of a login.</summary>
internal sealed class LoginTokens(AuthDb db, Admission admission, TokenIssuer issuer, RefreshTokens refresh, TimeProvider clock)
{
    /// <summary>Refuses unless the login's user may have tokens now; the audit trail then names it.</summary>
    /// <returns>The scopes that its tokens can have.</returns>
    public async Task<IReadOnlySet<string>> RequireLoginState(RefreshFamily family, HttpContext http, CancellationToken ct)
    {
        var caller = await Admit(family, family.Scopes, ct);
        http.SetCaller(caller);
        return Whole(caller);
    }

    /// <param name="family">Whose current refresh token is given out.</param>
    /// <param name="login">The login.</param>
    /// <param name="less">What the access token shall be narrowed to, or null.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task<GrantResponse> Answer(RefreshFamily family, Session login, IReadOnlyList<string>? less, CancellationToken ct)
    {
        var caller = await Admit(family, less ?? family.Scopes, ct);
        var access = await issuer.Issue(caller with { Scopes = Whole(caller) }, family.Client, ct);
        return new GrantResponse(
            access.AccessToken, access.TokenType, access.ExpiresIn, access.Scope, refresh.TextOf(family),
            (int)(family.ExpiresAt - clock.GetUtcNow()).TotalSeconds, family.OpenId ? await IdToken(login, caller, ct) : null);
    }

    /// <summary>With what a step-up gives back: whether it is withheld is asked on each call.</summary>
    private static IReadOnlySet<string> Whole(Caller caller) =>
        caller.Withheld is { } withheld ? caller.Scopes.Union(withheld).ToHashSet(StringComparer.Ordinal) : caller.Scopes;

    private async Task<Caller> Admit(RefreshFamily family, IReadOnlyList<string>? scopes, CancellationToken ct)
    {
        try
        {
            return await admission.AdmitLogin(family.Id, scopes, ct);
        }
        catch (RefusedException refused)
        {
            throw OAuthException.InvalidGrant(refused.Message);
        }
    }

    private async Task<string> IdToken(Session login, Caller caller, CancellationToken ct)
    {
        var email = await db.Users.Where(u => u.Id == login.UserId).Select(u => u.Email).SingleAsync(ct);
        return await issuer.IssueIdToken(caller, login, email, ct);
    }
}

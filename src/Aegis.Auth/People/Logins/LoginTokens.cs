namespace Aegis.Auth.People.Logins;

/// <summary>Issues the tokens of a login.</summary>
internal sealed class LoginTokens(AuthDb db, Admission admission, TokenIssuer issuer, RefreshTokens refresh, TimeProvider clock)
{
    /// <summary>Refuses unless the login may have tokens now. Sets the caller, whom the audit trail then names.</summary>
    /// <returns>The scopes that the login's tokens can have.</returns>
    public async Task<IReadOnlySet<string>> RequireLoginState(RefreshFamily family, HttpContext http, CancellationToken ct)
    {
        var caller = await Admit(family, family.Scopes, ct);
        http.SetCaller(caller);
        return WithWithheld(caller);
    }

    /// <param name="family">The family whose current refresh token is returned.</param>
    /// <param name="login">The login.</param>
    /// <param name="narrowedTo">The scopes that the access token is narrowed to, or null.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task<GrantResponse> Answer(RefreshFamily family, Session login, IReadOnlyList<string>? narrowedTo, CancellationToken ct)
    {
        var caller = await Admit(family, narrowedTo ?? family.Scopes, ct);
        var access = await issuer.Issue(caller with { Scopes = WithWithheld(caller) }, family.Client, ct);
        return new GrantResponse(
            access.AccessToken, access.TokenType, access.ExpiresIn, access.Scope, refresh.TextOf(family),
            (int)(family.ExpiresAt - clock.GetUtcNow()).TotalSeconds, family.OpenId ? await IdToken(login, caller, ct) : null);
    }

    /// <summary>
    /// All scopes, including those that a risky session gets only after a step-up. Each call with the token checks if they are withheld.
    /// </summary>
    private static IReadOnlySet<string> WithWithheld(Caller caller) =>
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

using System.Security.Claims;

namespace Aegis.Auth.Access.Bearer;

/// <summary>
/// Turns a proved credential into a <see cref="Caller"/>. It checks on every request that the key or login and the session are still
/// valid. <see cref="KeyBearer"/> proves API keys, <see cref="TokenBearer"/> proves access tokens, with <see cref="ValidatedTokens"/> as
/// the cache of checked signatures. <see cref="RefuseCredentialsInUrls"/> runs after authentication. An invalid credential is refused with
/// 401. A lost database throws and is answered with 503, so that clients do not discard a good token.
/// </summary>
internal sealed class Admission(KeyStates states, SessionStates sessions, LoginStates logins, TimeProvider clock)
{
    /// <exception cref="RefusedException">The key or session behind the token no longer works.</exception>
    public async Task<Caller> Admit(AccessToken token, CancellationToken ct)
    {
        if (token.KeyId is null) return await AdmitLogin(token.SessionId, token.Scopes, ct) with { ExpiresAt = token.ExpiresAt };
        var state = await states.Of(token.KeyId, ct) ?? throw Refused.InvalidToken();
        if (state.Refusal(clock.GetUtcNow()) is { } refused) throw refused;

        // The scopes were limited by the role in the token when it was issued; only a changed role limits them again.
        var scopes = state.Role == token.Role ? token.Scopes : Roles.Limit(token.Scopes, state.Role);
        var session = await sessions.Of(token.SessionId, ct);
        if (session.Refusal() is { } ended) throw ended;
        var (kept, withheld) = session.Split(scopes);
        return new Caller(
            state.OrganizationId, state.KeyId, state.Name, state.KeyId, state.UserId, state.Role,
            kept, token.Partners, token.ExpiresAt)
        { SessionId = token.SessionId, Withheld = withheld };
    }

    /// <summary>Admits a person by a login.</summary>
    /// <param name="sessionId">The id of the login.</param>
    /// <param name="scopes">The scopes it was granted; null for all that the user's role allows.</param>
    /// <param name="ct">Cancelled when the client disconnects.</param>
    /// <exception cref="RefusedException">The login has ended, or its user or organization may not log in.</exception>
    public async Task<Caller> AdmitLogin(string sessionId, IEnumerable<string>? scopes, CancellationToken ct)
    {
        var state = await logins.Of(sessionId, ct) ?? throw Refused.InvalidToken();
        if (state.Refusal(clock.GetUtcNow()) is { } refused) throw refused;
        var (kept, withheld) = state.Session.Split(scopes is null ? Roles.Cap(state.Role) : Roles.Limit(scopes, state.Role));
        return new Caller(
            state.OrganizationId, state.UserId, state.Name, KeyId: null, state.UserId, state.Role,
            kept, Partners: null, state.ExpiresAt)
        { SessionId = sessionId, Withheld = withheld };
    }
}

/// <summary>The refusals of invalid and expired tokens.</summary>
internal static class Refused
{
    public static RefusedException InvalidToken() =>
        Refuse.Unauthorized("token_invalid", "This access token is not valid. Get a new one with your API key.");

    public static RefusedException ExpiredToken() =>
        Refuse.Unauthorized("token_expired", "This access token has expired. Get a new one with your API key.");
}

/// <summary>Attaches the result of authentication to the request.</summary>
internal static class AdmittedCaller
{
    /// <summary>Attaches the caller to the request. The returned principal only says that there is one.</summary>
    public static ClaimsPrincipal Enter(this HttpContext context, Caller caller, string scheme)
    {
        context.SetCaller(caller);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", caller.Subject)], scheme));
    }

    /// <summary>Records the reason for the 401.</summary>
    public static void Leave(this HttpContext context, RefusedException reason) => context.Features.Set(new CredentialRefused(reason));
}

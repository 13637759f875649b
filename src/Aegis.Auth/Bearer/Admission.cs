using System.Security.Claims;
using Aegis.Auth.Catalogue;
using Aegis.Auth.Keys;
using Aegis.Auth.Sessions;
using Aegis.Auth.Tokens;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Http;

namespace Aegis.Auth.Bearer;

/// <summary>Admits a call whose credential was proved: asks how its key and session stand now, on every request, and sets the caller.</summary>
internal sealed class Admission(KeyStandings standings, SessionStandings sessions, TimeProvider clock)
{
    /// <exception cref="RefusedException">The key or session behind the token no longer works.</exception>
    public async Task<Caller> Admit(AccessToken token, CancellationToken ct)
    {
        var standing = await standings.Of(token.KeyId, ct) ?? throw Refused.InvalidToken();
        if (standing.Refusal(clock.GetUtcNow()) is { } refused) throw refused;

        // The token's scopes were capped by the role it carries; only another role caps them anew.
        var scopes = standing.Role == token.Role ? token.Scopes : Roles.Limit(token.Scopes, standing.Role);
        var session = await sessions.Of(token.SessionId, ct);
        if (session.Refusal() is { } ended) throw ended;
        var (kept, withheld) = session.Split(scopes);
        return new Caller(
            standing.OrganizationId, standing.KeyId, standing.Name, standing.KeyId, standing.UserId, standing.Role,
            kept, token.Partners, token.ExpiresAt) { SessionId = token.SessionId, Withheld = withheld };
    }
}

/// <summary>The words for tokens that are not accepted.</summary>
internal static class Refused
{
    public static RefusedException InvalidToken() =>
        Refuse.Unauthorized("token_invalid", "This access token is not valid here. Get a new one with your API key.");

    public static RefusedException ExpiredToken() =>
        Refuse.Unauthorized("token_expired", "This access token has expired. Get a new one with your API key.");
}

/// <summary>How an admitted caller stands on the request.</summary>
internal static class AdmittedCaller
{
    /// <summary>Puts the caller on the request; the principal only says that there is one.</summary>
    public static ClaimsPrincipal Enter(this HttpContext context, Caller caller, string scheme)
    {
        context.SetCaller(caller);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", caller.Subject)], scheme));
    }

    /// <summary>Leaves the reason for the 401.</summary>
    public static void Leave(this HttpContext context, RefusedException reason) => context.Features.Set(new CredentialRefused(reason));
}

namespace Aegis.Auth.People.OAuthEndpoints;

/// <summary>
/// Ends the key, session or login of a presented token. Presenting the token is the right to end it. A token of another organization or
/// program changes nothing, and the answer does not reveal that.
/// </summary>
internal sealed class TokenRevocation(
    PresentedTokens tokens, RefreshTokens refresh, KeyChanges keys, LoginSessions logins, LoginStates states)
{
    /// <summary>For a caller with a key or token: ends what belongs to the caller's organization.</summary>
    public async Task ByCaller(Caller caller, string presented, CancellationToken ct)
    {
        if (await refresh.Find(presented, ct) is { } found)
            await logins.End(found.Family.OrganizationId == caller.OrganizationId ? found.Family.Id : null, ct);
        else if (await tokens.Find(presented, ct) is not { } token || token.Caller.OrganizationId != caller.OrganizationId)
            await logins.End(null, ct);
        else if (token.Claims is null)
            await keys.RevokePresented(token.Caller.KeyId!, "token_revoked", ct);
        else
            await logins.EndSession(token.Caller, ct);
    }

    /// <summary>For a program: ends the login of its token (RFC 7009 §2.1).</summary>
    public async Task ByProgram(string client, string presented, CancellationToken ct)
    {
        if (await refresh.Find(presented, ct) is { } found)
            await logins.End(found.Family.Client == client ? found.Family.Id : null, ct);
        else
            await logins.End(await LoginOf(presented, client, ct), ct);
    }

    private async Task<string?> LoginOf(string presented, string client, CancellationToken ct) =>
        (await tokens.Find(presented, ct))?.Caller.SessionId is { } id && await states.Of(id, ct) is { } login && login.Client == client
            ? id
            : null;
}

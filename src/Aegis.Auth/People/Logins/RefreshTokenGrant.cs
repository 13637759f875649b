namespace Aegis.Auth.People.Logins;

/// <summary>
/// Issues the next tokens of a login (RFC 6749 §6). When two calls use one token at the same time, even on two hosts, the revision of the
/// family lets one of them make the successor. The other one counts as a repeat and gets the same successor.
/// </summary>
internal sealed class RefreshTokenGrant(
    AuthDb db, RefreshTokens refresh, LoginTokens tokens, PublicClients programs, Revocations revocations, TimeProvider clock)
{
    public const string Type = "refresh_token";

    public async Task<GrantResponse> Redeem(OAuthForm form, HttpContext http, CancellationToken ct)
    {
        var client = programs.Require(form);
        var presented = form.Get(Type);
        var asked = AskedScopes.Of(form);
        return await db.RetryOnConflict(() => TryRedeem(presented, client, asked, http, ct));
    }

    private async Task<GrantResponse> TryRedeem(string presented, string client, AskedScopes asked, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await refresh.Find(presented, ct) is not { } found || found.Family.Client != client) throw Invalid();
        var (family, number) = found;
        var session = await db.Sessions.SingleAsync(s => s.Id == family.Id, ct);
        if (session.IsOver(now)) throw Invalid();
        // A request for OpenID scopes only names no right to narrow to. For a login without narrowed scopes it means all its rights.
        if (asked.IsOpenIdOnly && family.Scopes is not null) throw OAuthException.InvalidScope();
        // Checked before the token is used: a disabled user who is enabled again can still use it.
        asked.RequireWithin(await tokens.RequireLoginState(family, http, ct));
        if (!family.Use(number, now))
        {
            session.End(now);
            await revocations.Save([session.Id], ct);
            throw Invalid();
        }

        await db.SaveChangesAsync(ct);
        return await tokens.Answer(family, session, asked.Rights, ct);
    }

    /// <summary>The same answer for a malformed token, a used one, and one whose login has ended.</summary>
    private static OAuthException Invalid() => OAuthException.InvalidGrant("This refresh token is not valid. Log in again.");
}

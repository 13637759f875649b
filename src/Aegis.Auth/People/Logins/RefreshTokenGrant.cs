namespace Aegis.Auth.People.Logins;

/// <summary>
/// Gives a login its next tokens (RFC 6749 §6). Of two calls at once with one token, on whatever hosts, the revision of the family lets one
/// make the successor; the other one is a repeat and gets the same.
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
        return await db.RetryOnConflict(() => Once(presented, client, asked, http, ct));
    }

    private async Task<GrantResponse> Once(string presented, string client, AskedScopes asked, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await refresh.Find(presented, ct) is not { } found || found.Family.Client != client) throw Invalid();
        var (family, number) = found;
        var session = await db.Sessions.SingleAsync(s => s.Id == family.Id, ct);
        if (session.IsOver(now)) throw Invalid();
        // Less than the login has would be no right at all; of a login that was begun with the same words it is all that it has.
        if (asked.IsOpenIdOnly && family.Scopes is not null) throw OAuthException.InvalidScope();
        // before the token is used up: whoever is enabled again finds it as it was
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

    /// <summary>One answer for what is no token, was used, or belongs to a login that is over.</summary>
    private static OAuthException Invalid() => OAuthException.InvalidGrant("This refresh token does not work, or no longer. Log in again.");
}

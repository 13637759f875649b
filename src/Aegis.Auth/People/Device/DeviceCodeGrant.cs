namespace Aegis.Auth.People.Device;

/// <summary>
/// Gives a program its first tokens once a person let it in (RFC 8628 §3.4). The grant, the login and the first refresh token are one save;
/// a repeat of the call finds them there.
/// </summary>
internal sealed class DeviceCodeGrant(
    AuthDb db, PublicClients programs, LoginSessions logins, LoginStates states, RefreshTokens refresh, LoginTokens tokens, TimeProvider clock)
{
    public const string Type = "urn:ietf:params:oauth:grant-type:device_code";

    public async Task<GrantResponse> Redeem(OAuthForm form, HttpContext http, CancellationToken ct)
    {
        var client = programs.Require(form);
        var code = form.Get("device_code");
        return await db.RetryOnConflict(() => Once(code, client, http, ct)); // a person may decide meanwhile, or the same call run twice
    }

    private async Task<GrantResponse> Once(string code, string client, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var grant = await Find(code, client, ct);
        if (grant.Poll(now) is { } refused)
        {
            await db.SaveChangesAsync(ct);
            throw refused;
        }

        if (grant.SessionId is { } made) return await RepeatAnswer(made, http, ct);

        var approver = await RequireApprover(grant, now, ct);
        var user = await db.Users.SingleAsync(u => u.Id == grant.UserId, ct);
        var login = logins.Add(user, client, (approver.AuthMethod ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), http);
        var family = refresh.Begin(login, client, grant.Asked, now);
        grant.Redeem(login.Id, now);
        await db.SaveChangesAsync(ct);
        await tokens.RequireLoginState(family, http, ct);
        return await tokens.Answer(family, login, less: null, ct);
    }

    /// <summary>
    /// The login that approved. Whoever ends it does not mean to leave a door open behind it, so it must not have ended, nor end while this
    /// is saved.
    /// </summary>
    private async Task<Session> RequireApprover(DeviceGrant grant, DateTimeOffset now, CancellationToken ct)
    {
        var approver = await db.Sessions.SingleOrDefaultAsync(s => s.Id == grant.ApprovedWith, ct);
        if (approver is null || approver.IsOver(now) || await states.Of(approver.Id, ct) is not { } state || state.Refusal(now) is not null)
            throw new OAuthException(
                StatusCodes.Status400BadRequest, "access_denied", "The login that approved this program has ended. Begin again.");
        db.LockByRevision(approver);
        return approver;
    }

    /// <summary>
    /// The same tokens' successors are the client's business: a repeat gets the first refresh token, as long as that was not used.
    /// </summary>
    private async Task<GrantResponse> RepeatAnswer(string sessionId, HttpContext http, CancellationToken ct)
    {
        var family = await db.RefreshFamilies.SingleAsync(f => f.Id == sessionId, ct);
        var login = await db.Sessions.SingleAsync(s => s.Id == sessionId, ct);
        if (family.Current > 0) throw OAuthException.InvalidGrant("This device code brought its tokens already.");
        await tokens.RequireLoginState(family, http, ct);
        return await tokens.Answer(family, login, less: null, ct);
    }

    private async Task<DeviceGrant> Find(string code, string client, CancellationToken ct)
    {
        if (OneTimeToken.IsWellFormed(code))
        {
            var hash = OneTimeToken.HashOf(code);
            if (await db.DeviceGrants.SingleOrDefaultAsync(g => g.DeviceCodeHash == hash, ct) is { } grant && grant.Client == client)
                return grant;
        }

        throw OAuthException.InvalidGrant("There is no such device code of this program.");
    }
}

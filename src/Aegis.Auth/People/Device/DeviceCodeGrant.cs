namespace Aegis.Auth.People.Device;

/// <summary>
/// Issues the first tokens of a program that a person approved (RFC 8628 §3.4). The grant, the login and the first refresh token are saved
/// together, so a repeat of the call finds all of them.
/// </summary>
internal sealed class DeviceCodeGrant(
    AuthDb db, PublicClients programs, LoginSessions logins, LoginStates states, RefreshTokens refresh, LoginTokens tokens,
    TimeProvider clock)
{
    public const string Type = "urn:ietf:params:oauth:grant-type:device_code";

    public async Task<GrantResponse> Redeem(OAuthForm form, HttpContext http, CancellationToken ct)
    {
        var client = programs.Require(form);
        var code = form.Get("device_code");
        // Retried when a person decides at the same time, or the same call runs twice.
        return await db.RetryOnConflict(() => TryRedeem(code, client, http, ct));
    }

    private async Task<GrantResponse> TryRedeem(string code, string client, HttpContext http, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var grant = await Find(code, client, ct);
        if (grant.Poll(now) is { } refused)
        {
            await db.SaveChangesAsync(ct);
            throw refused;
        }

        if (grant.SessionId is { } loginId) return await RepeatAnswer(loginId, http, ct);

        var approver = await RequireApprover(grant, now, ct);
        var user = await db.Users.SingleAsync(u => u.Id == grant.UserId, ct);
        var login = logins.Add(user, client, (approver.AuthMethod ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), http);
        var family = refresh.Begin(login, client, grant.Asked, now);
        grant.Redeem(login.Id, now);
        await db.SaveChangesAsync(ct);
        await tokens.RequireLoginState(family, http, ct);
        return await tokens.Answer(family, login, narrowedTo: null, ct);
    }

    /// <summary>
    /// The login with which the person approved. It must not have ended, and must not end while this is saved: a person who ends a login
    /// does not expect a program that it approved to get tokens afterwards.
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
    /// A repeat of the call gets the first refresh token, unless that was already used. Then the client has it and needs no repeat.
    /// </summary>
    private async Task<GrantResponse> RepeatAnswer(string sessionId, HttpContext http, CancellationToken ct)
    {
        var family = await db.RefreshFamilies.SingleAsync(f => f.Id == sessionId, ct);
        var login = await db.Sessions.SingleAsync(s => s.Id == sessionId, ct);
        if (family.Current > 0) throw OAuthException.InvalidGrant("This device code has already been exchanged for tokens.");
        await tokens.RequireLoginState(family, http, ct);
        return await tokens.Answer(family, login, narrowedTo: null, ct);
    }

    private async Task<DeviceGrant> Find(string code, string client, CancellationToken ct)
    {
        if (OneTimeToken.IsWellFormed(code))
        {
            var hash = OneTimeToken.HashOf(code);
            if (await db.DeviceGrants.SingleOrDefaultAsync(g => g.DeviceCodeHash == hash, ct) is { } grant && grant.Client == client)
                return grant;
        }

        throw OAuthException.InvalidGrant("This program has no such device code.");
    }
}

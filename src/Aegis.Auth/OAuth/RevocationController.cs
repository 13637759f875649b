using Aegis.Auth.Keys;
using Aegis.Auth.Persistence;
using Aegis.Auth.Revocation;
using Aegis.Auth.Sessions;
using Aegis.Kernel.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.OAuth;

/// <summary>Ends tokens and keys that their holder needs no more.</summary>
[ApiController, AllowAnonymous, OAuthErrors, Route($"{AuthOptions.Realm}/protocol/openid-connect/revoke"), Tags("OAuth")]
internal sealed class RevocationController(
    OAuthClient client, PresentedTokens tokens, AuthDb db, KeyChanges keys, Revocations revocations, History history, TimeProvider clock)
    : ControllerBase
{
    /// <summary>Revokes an access token or an API key (RFC 7009); when the call has answered it works nowhere any more.</summary>
    /// <remarks>Form parameter <c>token</c>. A token that is none, has ended, or belongs to another organization changes nothing and is answered alike.</remarks>
    /// <response code="200">The token does not work; the body is empty.</response>
    /// <response code="400">invalid_request</response>
    /// <response code="401">invalid_client</response>
    [HttpPost, ReadsOwnBody, AcceptsUpload(OAuthForm.ContentType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task Revoke(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.Read(Request, ct);
        var caller = await client.Identify(HttpContext, form, ct);
        var token = await tokens.Find(form.Get("token"), ct);
        if (token is null || token.Caller.OrganizationId != caller.OrganizationId)
            await revocations.Settle(ct);
        else if (token.Claims is null)
            await keys.RevokePresented(token.Caller.KeyId!, "token_revoked", ct);
        else
            await EndSession(token, ct);
    }

    private async Task EndSession(PresentedToken token, CancellationToken ct)
    {
        var (id, now) = (token.Claims!.SessionId, clock.GetUtcNow());
        if (await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, ct) is { } session)
            session.End(now);
        else
            db.Sessions.Add(Session.Revoked(token.Caller, history.Seal(ConnectionFacts.None(now), Session.Subject(id)), now));
        await revocations.Save([id], ct);
    }
}

using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.People.Device;

/// <summary>The endpoint where programs without a browser begin a login.</summary>
[ApiController]
[AllowAnonymous]
[OAuthErrors]
[Route($"{AuthOptions.Realm}/protocol/openid-connect/auth/device")]
[Tags("OAuth")]
internal sealed class DeviceAuthorizationController(
    AuthDb db, PublicClients programs, UserCodes codes, IPublicUrl publicUrl, TimeProvider clock) : ControllerBase
{
    /// <summary>
    /// Returns a code that a person types at the address in the answer, to let this program act for them (RFC 8628 §3.1).
    /// </summary>
    /// <remarks>
    /// Form parameters: <c>client_id</c> and, to get less than everything that the person may do, <c>scope</c>. Then ask the token endpoint
    /// every <c>interval</c> seconds. <c>curl -d client_id=aegis-cli …</c> is a complete call.
    /// </remarks>
    /// <response code="200">The codes. They work for ten minutes.</response>
    /// <response code="400">invalid_request, invalid_scope</response>
    /// <response code="401">invalid_client</response>
    [HttpPost]
    [AcceptsUpload(OAuthForm.ContentType)]
    public async Task<DeviceAuthorizationResponse> Begin(CancellationToken ct)
    {
        Response.Headers.CacheControl = "no-store";
        var form = await OAuthForm.Read(Request, ct);
        var (client, asked) = (programs.Require(form), AskedScopes.Of(form));
        var (deviceCode, deviceHash) = OneTimeToken.Draw();
        return await db.RetryOnConflict(async () =>
        {
            var userCode = UserCodes.Draw(); // drawn again on retry: it is short, so another program may have the same
            db.DeviceGrants.Add(DeviceGrant.Open(client, asked, (deviceHash, codes.HashOf(userCode)), From(), clock.GetUtcNow()));
            await db.SaveChangesAsync(ct);
            var address = $"{publicUrl.Value}{AuthOptions.Realm}/device";
            return new DeviceAuthorizationResponse(
                deviceCode, userCode, address, $"{address}?user_code={userCode}", (int)DeviceGrant.Lifetime.TotalSeconds,
                DeviceGrant.FirstInterval);
        }, alsoWhenTaken: true);
    }

    private (string? Address, string? Agent) From()
    {
        var agent = KeyText.Shape().Replace(ReadableText.VisibleOnly(Request.Headers.UserAgent.ToString()), "***");
        return (HttpContext.Connection.RemoteIpAddress?.ToString(),
            agent.Length == 0 ? null : agent[..Math.Min(agent.Length, DeviceGrantMap.AgentLength)]);
    }
}

/// <param name="DeviceCode">For the token endpoint. Never show it.</param>
/// <param name="UserCode">The code that the person types, for example <c>BCDF-1234</c>.</param>
/// <param name="VerificationUri">The page where the person types it.</param>
/// <param name="VerificationUriComplete">The same address with the code in it.</param>
/// <param name="ExpiresIn">Seconds until the codes expire.</param>
/// <param name="Interval">Seconds to wait between two calls of the token endpoint.</param>
[SnakeCase]
internal sealed record DeviceAuthorizationResponse(
    string DeviceCode, string UserCode, string VerificationUri, string VerificationUriComplete, int ExpiresIn, int Interval)
{
    public override string ToString() => "***";
}

using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Auth.People.Device;

/// <summary>Where programs without a browser begin a login.</summary>
[ApiController]
[AllowAnonymous]
[OAuthErrors]
[Route($"{AuthOptions.Realm}/protocol/openid-connect/auth/device")]
[Tags("OAuth")]
internal sealed class DeviceAuthorizationController(
    AuthDb db, PublicClients programs, UserCodes codes, IPublicUrl publicUrl, TimeProvider clock) : ControllerBase
{
    /// <summary>Draws a code that a person types at the address in the answer, to let this program act for them (RFC 8628 §3.1).</summary>
    /// <remarks>
    /// Form parameters <c>client_id</c> and, to get less than all that the person may do, <c>scope</c>. Then ask the token endpoint every
    /// <c>interval</c> seconds. <c>curl -d client_id=aegis-cli …</c> is a whole call.
    /// </remarks>
    /// <response code="200">The codes. They live ten minutes.</response>
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
            var userCode = UserCodes.Draw(); // a short one: it may be another program's
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

/// <param name="DeviceCode">For the token endpoint; shown to nobody.</param>
/// <param name="UserCode">What the person types, such as <c>BCDF-1234</c>.</param>
/// <param name="VerificationUri">Where the person types it.</param>
/// <param name="VerificationUriComplete">The same with the code in it.</param>
/// <param name="ExpiresIn">Seconds that the codes live.</param>
/// <param name="Interval">Seconds between two questions.</param>
[SnakeCase]
internal sealed record DeviceAuthorizationResponse(
    string DeviceCode, string UserCode, string VerificationUri, string VerificationUriComplete, int ExpiresIn, int Interval)
{
    public override string ToString() => "***";
}

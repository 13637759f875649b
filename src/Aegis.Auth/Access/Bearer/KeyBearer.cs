using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.Access.Bearer;

/// <summary>Accepts an API key itself: <c>Authorization: Bearer aegis_…</c>.</summary>
internal sealed class KeyBearer(
    KeyCheck keys, KeyUses uses, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerText.Of(Request) is not { } presented) return AuthenticateResult.NoResult();
        try
        {
            var caller = await keys.Check(presented, Context.RequestAborted, early: Context);
            uses.Note(caller.KeyId!, Context);
            return AuthenticateResult.Success(new AuthenticationTicket(Context.Enter(caller, Scheme.Name), Scheme.Name));
        }
        catch (RefusedException refused)
        {
            Context.Leave(refused);
            return AuthenticateResult.Fail(refused.Code);
        }
    }
}

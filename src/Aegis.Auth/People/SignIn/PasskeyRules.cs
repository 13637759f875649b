using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Passkeys belong to the public address, whatever Host header a call sends. The authenticator must verify its user, so that a passkey
/// counts as two factors.
/// </summary>
internal sealed class PasskeyRules(IPublicUrl publicUrl) : IConfigureOptions<IdentityPasskeyOptions>
{
    public void Configure(IdentityPasskeyOptions options)
    {
        options.ServerDomain = new Uri(publicUrl.Value).Host;
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = context => ValueTask.FromResult(
            !context.CrossOrigin && Uri.TryCreate(context.Origin, UriKind.Absolute, out var origin)
                && Uri.TryCreate(publicUrl.Value, UriKind.Absolute, out var own)
            && Uri.Compare(origin, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0);
    }
}

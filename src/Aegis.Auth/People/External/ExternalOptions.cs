using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.People.External;

/// <summary>The OpenID Connect provider that people sign in with instead of here; null where they sign in here.</summary>
internal sealed record ExternalOptions(ExternalClient? Client)
{
    /// <summary>
    /// Reads <c>Auth:External:Authority</c>, <c>ClientId</c>, <c>ClientSecret</c>, <c>Name</c> and <c>VouchesForEmail</c>.
    /// </summary>
    public static ExternalOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Auth:External");
        if (section["Authority"]?.Trim().TrimEnd('/') is not { Length: > 0 } authority)
        {
            return section.GetChildren().Any(c => !string.IsNullOrEmpty(c.Value))
                ? throw new StartRefusedException("Set Auth:External:Authority too: without it people sign in here.")
                : new ExternalOptions(Client: null);
        }

        // What is sent there is a secret and what comes back says who somebody is; loopback is for trying it out.
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            throw new StartRefusedException("Auth:External:Authority must be the https address of an OpenID Connect provider.");
        if (section["ClientId"] is not { Length: > 0 } id || section["ClientSecret"] is not { Length: > 0 } secret)
            throw new StartRefusedException(
                "Set Auth:External:ClientId and Auth:External:ClientSecret: what the provider knows this installation by.");
        return new ExternalOptions(
            new ExternalClient(authority, id, secret, section["Name"] is { Length: > 0 } name ? name : uri.Host,
                section.GetValue("VouchesForEmail", defaultValue: false)));
    }
}

/// <param name="Authority">The provider's issuer, without a trailing slash.</param>
/// <param name="Id">The client id of this installation there.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Name">What people call the provider.</param>
/// <param name="VouchesForEmail">Whether every address that it names counts as verified, also without <c>email_verified</c>.</param>
internal sealed record ExternalClient(string Authority, string Id, string Secret, string Name, bool VouchesForEmail)
{
    public override string ToString() => $"{Id} ***";
}

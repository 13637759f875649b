using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.People.External;

/// <summary>The OpenID Connect provider that people sign in with; null when they sign in to Aegis directly.</summary>
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
                ? throw new StartRefusedException(
                    "Other values of Auth:External are set. Set Auth:External:Authority too, or remove them.")
                : new ExternalOptions(Client: null);
        }

        // The client secret is sent to this address and its answers decide who a person is, so it needs TLS. Loopback is for tests.
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            throw new StartRefusedException("Auth:External:Authority must be the https address of an OpenID Connect provider.");
        if (section["ClientId"] is not { Length: > 0 } id || section["ClientSecret"] is not { Length: > 0 } secret)
            throw new StartRefusedException(
                "Set Auth:External:ClientId and Auth:External:ClientSecret to the values that the provider gave this installation.");
        return new ExternalOptions(
            new ExternalClient(authority, id, secret, section["Name"] is { Length: > 0 } name ? name : uri.Host,
                section.GetValue("VouchesForEmail", defaultValue: false)));
    }
}

/// <param name="Authority">The provider's issuer, without a trailing slash.</param>
/// <param name="Id">The client id of this installation at the provider.</param>
/// <param name="Secret">The client secret.</param>
/// <param name="Name">The provider's name as people see it.</param>
/// <param name="VouchesForEmail">True when every address that it sends counts as verified, even without <c>email_verified</c>.</param>
internal sealed record ExternalClient(string Authority, string Id, string Secret, string Name, bool VouchesForEmail)
{
    public override string ToString() => $"{Id} ***";
}

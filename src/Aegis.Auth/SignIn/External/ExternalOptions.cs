using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.SignIn.External;

/// <summary>How people sign in: here, or at another OpenID provider.</summary>
/// <param name="External">That provider; null for passwords and passkeys of this installation.</param>
internal sealed record PeopleOptions(ExternalOptions? External)
{
    public static PeopleOptions From(IConfiguration configuration) => new(ExternalOptions.From(configuration));
}

/// <summary>An OpenID provider that signs people in instead of this installation, such as Keycloak or Entra.</summary>
/// <param name="Authority">Its issuer; its metadata is below it (OpenID Connect Discovery 1.0 §4).</param>
/// <param name="ClientId">What this installation is called there.</param>
/// <param name="ClientSecret">What proves that.</param>
/// <param name="Name">What people call it.</param>
/// <param name="VouchesForEmail">Whether every address of mail that it names is taken as verified, also without <c>email_verified</c>.</param>
internal sealed record ExternalOptions(string Authority, string ClientId, string ClientSecret, string Name, bool VouchesForEmail)
{
    /// <summary>Reads <c>Auth:External:Authority</c>, <c>ClientId</c>, <c>ClientSecret</c>, <c>Name</c> and <c>VouchesForEmail</c>; null when there is none of them.</summary>
    public static ExternalOptions? From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Auth:External");
        if (!section.GetChildren().Any(c => !string.IsNullOrEmpty(c.Value))) return null;

        var authority = Required("Authority").TrimEnd('/');
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw new StartRefusedException("Auth:External:Authority must be an https address: whoever answers there signs people in.");
        return new ExternalOptions(
            authority, Required("ClientId"), Required("ClientSecret"), section["Name"] is { Length: > 0 } name ? name : address.Host,
            section.GetValue("VouchesForEmail", defaultValue: false));

        string Required(string key) => section[key] is { Length: > 0 } value ? value : throw new StartRefusedException($"Auth:External:{key} is missing: with one of Auth:External set, all of Authority, ClientId and ClientSecret must be.");
    }

    public override string ToString() => $"{Name} at {Authority}";
}

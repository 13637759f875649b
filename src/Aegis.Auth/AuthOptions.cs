using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth;

/// <summary>How this installation identifies callers.</summary>
/// <param name="Issuer">The <c>iss</c> of access tokens; null takes the public address and <see cref="Realm"/>.</param>
/// <param name="TokenLifetime">How long an access token works.</param>
/// <param name="Sandbox">Whether this is a sandbox, where <c>aegis_test_</c> keys work; null is true in Development only.</param>
/// <param name="StrictRevocation">Reads how a key stands from the database on every request, and remembers nothing.</param>
internal sealed record AuthOptions(string? Issuer, TimeSpan TokenLifetime, bool? Sandbox, bool StrictRevocation = false)
{
    public const string Realm = "/realms/aegis-system";

    private const int DefaultLifetimeSeconds = 900;
    private const int ShortestLifetimeSeconds = 60;
    private const int LongestLifetimeSeconds = 3600;

    /// <summary>Reads <c>Auth:Issuer</c>, <c>Auth:TokenLifetimeSeconds</c>, <c>Sandbox:Enabled</c> and <c>Revocation:Strict</c>.</summary>
    public static AuthOptions From(IConfiguration configuration)
    {
        var issuer = configuration["Auth:Issuer"];
        if (!string.IsNullOrEmpty(issuer) && !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw new StartRefusedException("Auth:Issuer must be an absolute http or https address.");

        var seconds = configuration.GetValue("Auth:TokenLifetimeSeconds", DefaultLifetimeSeconds);
        if (seconds is < ShortestLifetimeSeconds or > LongestLifetimeSeconds)
            throw new StartRefusedException($"Auth:TokenLifetimeSeconds must be between {ShortestLifetimeSeconds} and {LongestLifetimeSeconds}.");

        return new AuthOptions(
            string.IsNullOrEmpty(issuer) ? null : issuer,
            TimeSpan.FromSeconds(seconds),
            configuration.GetValue<bool?>("Sandbox:Enabled"),
            configuration.GetValue("Revocation:Strict", defaultValue: false));
    }
}

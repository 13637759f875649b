using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth;

/// <summary>The options of this module.</summary>
/// <param name="Issuer">The <c>iss</c> of access tokens; null for the public address plus <see cref="Realm"/>.</param>
/// <param name="TokenLifetime">How long an access token works.</param>
/// <param name="Sandbox">Whether this is a sandbox, where <c>aegis_test_</c> keys work; null is true in Development only.</param>
/// <param name="MaxKeys">How many active keys one organization can have.</param>
/// <param name="PublicClients">The programs that people can log in with.</param>
/// <param name="StrictRevocation">Reads the state of keys and sessions from the database on every request, without a cache.</param>
internal sealed record AuthOptions(
    string? Issuer, TimeSpan TokenLifetime, bool? Sandbox, IReadOnlySet<string> PublicClients, int MaxKeys = AuthOptions.DefaultMaxKeys,
    bool StrictRevocation = false)
{
    public const string Realm = "/realms/aegis-system";

    public const int DefaultMaxKeys = 10_000;

    /// <summary>How long after a sign-in or re-authentication a person may change settings that outlast the login.</summary>
    public TimeSpan ProofLifetime { get; private init; } = TimeSpan.FromMinutes(DefaultProofMinutes);

    /// <summary>How many wrong passwords one client address may send in 15 minutes, for any user.</summary>
    public int MaxFailuresPerAddress { get; private init; } = DefaultMaxFailures;

    private const int DefaultMaxFailures = 20;
    private const int DefaultTokenLifetimeSeconds = 900;
    private const int MinTokenLifetimeSeconds = 60;
    private const int MaxTokenLifetimeSeconds = 3600;
    private const int DefaultProofMinutes = 15;
    private const int MaxProofMinutes = 60;

    /// <summary>
    /// Reads <c>Auth:Issuer</c>, <c>Auth:TokenLifetimeSeconds</c>, <c>Auth:MostKeys</c>, <c>Auth:ProofMinutes</c>,
    /// <c>Auth:MaxFailuresPerAddress</c>, <c>Auth:PublicClients</c>, <c>Sandbox:Enabled</c> and <c>Revocation:Strict</c>.
    /// </summary>
    public static AuthOptions From(IConfiguration configuration)
    {
        var issuer = configuration["Auth:Issuer"];
        if (!string.IsNullOrEmpty(issuer) && !(Uri.TryCreate(issuer, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            throw new StartRefusedException("Auth:Issuer must be an absolute http or https address.");

        var seconds = configuration.GetValue("Auth:TokenLifetimeSeconds", DefaultTokenLifetimeSeconds);
        if (seconds is < MinTokenLifetimeSeconds or > MaxTokenLifetimeSeconds)
            throw new StartRefusedException(
                $"Auth:TokenLifetimeSeconds must be between {MinTokenLifetimeSeconds} and {MaxTokenLifetimeSeconds}.");

        var maxKeys = configuration.GetValue("Auth:MostKeys", DefaultMaxKeys);
        if (maxKeys < 1) throw new StartRefusedException("Auth:MostKeys must be 1 or more.");

        var proof = configuration.GetValue("Auth:ProofMinutes", DefaultProofMinutes);
        if (proof is < 1 or > MaxProofMinutes)
            throw new StartRefusedException($"Auth:ProofMinutes must be between 1 and {MaxProofMinutes}.");

        var failures = configuration.GetValue("Auth:MaxFailuresPerAddress", DefaultMaxFailures);
        if (failures < 1) throw new StartRefusedException("Auth:MaxFailuresPerAddress must be 1 or more.");

        return new AuthOptions(
            string.IsNullOrEmpty(issuer) ? null : issuer,
            TimeSpan.FromSeconds(seconds),
            configuration.GetValue<bool?>("Sandbox:Enabled"),
            Clients(configuration.GetSection("Auth:PublicClients")),
            maxKeys,
            configuration.GetValue("Revocation:Strict", defaultValue: false))
        {
            ProofLifetime = TimeSpan.FromMinutes(proof),
            MaxFailuresPerAddress = failures
        };
    }

    /// <summary>Reads a list, or one comma-separated text, as environment variables give it. Always includes the command line.</summary>
    private static HashSet<string> Clients(IConfigurationSection section)
    {
        var others = (section.Get<string[]>() ?? section.Value?.Split(',') ?? []).Select(c => c.Trim()).Where(c => c.Length > 0).ToList();
        return others.TrueForAll(c => c.Length <= Access.OAuth.PublicClients.MaxIdLength
            && c.All(l => char.IsAsciiLetterOrDigit(l) || l is '-' or '.' or '_') && c != LoginSessions.Web)
            ? [Access.OAuth.PublicClients.CommandLine, .. others]
            : throw new StartRefusedException(
                $"Auth:PublicClients must be names of at most {Access.OAuth.PublicClients.MaxIdLength} letters, digits, '-', '.' and '_'.");
    }
}

using Aegis.Sdk;
using Aegis.Sdk.Authentication;

namespace Aegis.Cli.Login;

/// <summary>Decides with which credential, and to which host, a command calls.</summary>
internal sealed class Sessions
{
    public const string KeyVariable = "AEGIS_KEY";
    private const string EnvironmentVariable = "AEGIS_ENV";
    private const int RefreshHours = 24; // unless the issuer says otherwise
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);
    private readonly SharedOptions options;

    public Sessions(CommandEnvironment around, SharedOptions options)
    {
        (Around, this.options) = (around, options);
        Provider = new Provider(around);
        Store = new ProfileStore(around, new StoreKeys(around, new SecretService(around.Variable, around.KeyringPatience)));
    }

    public CommandEnvironment Around { get; }

    public Provider Provider { get; }

    public ProfileStore Store { get; }

    public Printer Printer(ParseResult parsed) => new(Around, parsed.GetValue(options.Output));

    /// <summary>The key of <c>AEGIS_KEY</c>, which is used instead of a profile; null when it is not set.</summary>
    public string? Key => Around.Given(KeyVariable)?.Trim() is not { Length: > 0 } key ? null
        : key.All(c => c is > ' ' and < '\x7f') ? key
        : throw new StoppedException(ExitCodes.Usage, $"{KeyVariable} contains neither a key nor a token.");

    /// <summary>The environment given by the option, else by <c>AEGIS_ENV</c>, else null.</summary>
    public string? NamedEnvironment(ParseResult parsed) => parsed.GetValue(options.Environment) ?? Around.Given(EnvironmentVariable);

    public string? NamedProfile(ParseResult parsed) => parsed.GetValue(options.Profile);

    /// <summary>A client for the command's environment and profile.</summary>
    public async Task<AegisClient> ClientAsync(ParseResult parsed, CancellationToken ct)
    {
        if (Key is { } key)
            return Client(EnvironmentAddress.Of(NamedEnvironment(parsed) ?? EnvironmentAddress.Default), TokenSource.Fixed(key));
        var profile = await ProfileAsync(parsed, ct);
        return Client(EnvironmentAddress.Of(profile.Environment), new ProfileTokens(this, profile.Name));
    }

    /// <summary>A client without a credential, for public calls.</summary>
    public AegisClient Anonymous(ParseResult parsed) =>
        Client(EnvironmentAddress.Of(NamedEnvironment(parsed) ?? EnvironmentAddress.Default), null);

    /// <summary>The profile that the command uses.</summary>
    public async Task<Profile> ProfileAsync(ParseResult parsed, CancellationToken ct) => Select(parsed, await Store.ReadAsync(ct))
        ?? throw new StoppedException(
            ExitCodes.NotAuthenticated,
            NamedProfile(parsed) is { } named
                ? $"There is no profile '{named}'."
                : $"Not logged in. Run: {LoginCommand(NamedEnvironment(parsed))}");

    public Profile? Select(ParseResult parsed, ProfileSet all)
    {
        if (NamedProfile(parsed) is { } named) return all.Profiles.GetValueOrDefault(named);
        if (NamedEnvironment(parsed) is { } environment)
        {
            // The current profile first: an environment may have several.
            if (all.Current is { } now && all.Profiles.TryGetValue(now, out var kept) && kept.Environment == environment) return kept;
            return all.Profiles.GetValueOrDefault(environment)
                ?? all.Profiles.Values.OrderBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(p => p.Environment == environment);
        }

        return all.Current is { } current ? all.Profiles.GetValueOrDefault(current) : null;
    }

    /// <summary>
    /// A token of a profile that is valid for a while. When several processes need one, only one refreshes it: a process that waited for
    /// the lock finds the new token in the file.
    /// </summary>
    /// <param name="name">The profile.</param>
    /// <param name="refused">A token that the host refused, so the same token must not be returned again.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<string> TokenAsync(string name, string? refused, CancellationToken ct)
    {
        var seen = (await Store.ReadAsync(ct)).Profiles.GetValueOrDefault(name);
        if (seen is not null && IsFresh(seen, refused)) return seen.AccessToken;
        Profile? fresh = null;
        var ended = false;
        await Store.ChangeAsync(
            async all =>
            {
                var profile = all.Profiles.GetValueOrDefault(name)
                    ?? throw new StoppedException(ExitCodes.NotAuthenticated, $"Not logged in. Run: {LoginCommand(null)}");
                if (IsFresh(profile, refused))
                {
                    fresh = profile;
                    return all;
                }

                fresh = await RefreshAsync(profile, ct);
                ended = fresh is null;
                return ended
                    ? all.With(profile with { AccessToken = "", RefreshToken = null, AccessExpiresAt = Around.Clock.GetUtcNow() },
                        makeCurrent: false)
                    : all.With(fresh!, makeCurrent: false);
            },
            isLogin: false, ct);
        return fresh?.AccessToken
            ?? throw new StoppedException(ExitCodes.NotAuthenticated, $"The session has ended. Run: {LoginCommand(seen?.Environment)}");
    }

    /// <summary>The profile with the tokens of a token endpoint's answer.</summary>
    public static Profile ProfileOf(CommandEnvironment around, TokenAnswer answer, Profile before)
    {
        var (now, token) = (around.Clock.GetUtcNow(), answer.AccessToken!);
        var roles = TokenClaims.Roles(token, answer.IdToken);
        var scopes = answer.Scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? TokenClaims.Scopes(token);
        return before with
        {
            AccessToken = token,
            AccessExpiresAt = answer.ExpiresIn is { } seconds ? now.AddSeconds(seconds) : TokenClaims.Expires(token) ?? now,
            RefreshToken = answer.RefreshToken ?? before.RefreshToken,
            ExpiresAt = answer.RefreshToken is null && before.RefreshToken is not null
                ? before.ExpiresAt
                : WholeSecond(now.AddSeconds(answer.RefreshExpiresIn is > 0 and { } lasts ? lasts : RefreshHours * 3600)),
            Roles = roles.Count > 0 ? roles : before.Roles,
            Scopes = scopes.Count > 0 ? [.. scopes] : before.Scopes,
        };
    }

    public static string LoginCommand(string? environment) =>
        environment is null ? "aegis auth login" : $"aegis auth login --env {environment}";

    private AegisClient Client(EnvironmentAddress environment, TokenSource? tokens) => new(new AegisClientOptions
    {
        BaseAddress = environment.Api,
        Tokens = tokens,
        HttpClient = Around.Http,
        UserAgent = "aegis-cli/0.1",
        Clock = Around.Clock,
    });

    private bool IsFresh(Profile profile, string? refused) =>
        profile.AccessToken.Length > 0 && profile.AccessToken != refused && profile.AccessExpiresAt > Around.Clock.GetUtcNow() + Early;

    /// <summary>Null when the issuer says that the session has ended. When the issuer cannot be reached, the session is kept.</summary>
    private async Task<Profile?> RefreshAsync(Profile profile, CancellationToken ct)
    {
        if (profile.RefreshToken is not { } refresh) return null;
        var answer = await Provider.TokenAsync(profile.TokenEndpoint,
            new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = Provider.Client }, ct);
        if (answer.AccessToken is not null) return ProfileOf(Around, answer, profile);
        if (answer.Error is "invalid_grant") return null;
        throw new StoppedException(ExitCodes.Unavailable, $"The session cannot be refreshed: {answer.ErrorDescription ?? answer.Error}.");
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

/// <summary>Tokens of a profile, refreshed as needed.</summary>
internal sealed class ProfileTokens(Sessions sessions, string profile) : TokenSource
{
    private volatile string? refused;

    public override async ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        await sessions.TokenAsync(profile, refused, cancellationToken);

    public override ValueTask<bool> RenewAsync(string refusedToken, CancellationToken cancellationToken)
    {
        refused = refusedToken;
        return ValueTask.FromResult(true);
    }

    public override string ToString() => "***";
}

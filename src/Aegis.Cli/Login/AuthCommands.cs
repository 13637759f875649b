namespace Aegis.Cli.Login;

/// <summary><c>aegis auth</c>.</summary>
internal static class AuthCommands
{
    public static Command Build(Sessions sessions) => new Command("auth", "Log in, show the session, switch profiles, log out.")
        .Has(Login(sessions), Status(sessions), Logout(sessions), Switch(sessions), Token(sessions));

    /// <summary><c>aegis login</c> and <c>aegis logout</c>, which most people try first.</summary>
    public static IEnumerable<Command> Shortcuts(Sessions sessions)
    {
        foreach (var command in new[] { Login(sessions), Logout(sessions) })
        {
            command.Hidden = true;
            yield return command;
        }
    }

    private static Command Login(Sessions sessions)
    {
        var quiet = new Option<bool>("--non-interactive") { Description = "Do not ask. Fail if there is no valid session." };
        return new Command("login", "Log in through the browser (device login).").Takes(quiet)
            .WithExamples("aegis auth login --env dev.example.org", "aegis auth login --env localhost:8012",
                "aegis auth login --env dev.example.org --non-interactive")
            .Does(async (parsed, ct) =>
            {
                var environment = EnvironmentAddress.Of(sessions.NamedEnvironment(parsed) ?? EnvironmentAddress.Default);
                var name = sessions.NamedProfile(parsed) ?? environment.Name;
                if (parsed.GetValue(quiet))
                {
                    Say(sessions, await ValidAsync(sessions, parsed, environment, ct));
                    return;
                }

                if (sessions.Key is not null)
                    sessions.Around.Error.WriteLine($"! {Sessions.KeyVariable} is set and takes precedence over this login.");
                var profile = await new DeviceLogin(sessions.Around, sessions.Provider).RunAsync(name, environment, ct);
                profile = await WithRolesAsync(sessions, profile, environment, ct);
                await sessions.Store.ChangeAsync(all => Task.FromResult(all.With(profile, makeCurrent: true)), isLogin: true, ct);
                Say(sessions, profile);
            });
    }

    /// <summary>Adds roles and scopes from the host when the token does not contain them.</summary>
    private static async Task<Profile> WithRolesAsync(
        Sessions sessions, Profile profile, EnvironmentAddress environment, CancellationToken ct)
    {
        if (profile.Roles.Count > 0) return profile;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(10));
            using var client = new Sdk.AegisClient(new Sdk.AegisClientOptions
            {
                BaseAddress = environment.Api,
                Tokens = Sdk.Authentication.TokenSource.Fixed(profile.AccessToken),
                HttpClient = sessions.Around.Http,
                Repeats = 0,
            });
            var session = await client.Identity.GetSessionAsync(limit.Token);
            return profile with { Roles = session.Roles, Scopes = session.Scopes };
        }
        catch (Exception unknown)
            when (unknown is Sdk.Failures.AegisException or Sdk.Failures.AegisProtocolException or Sdk.Failures.AegisUnreachableException
            || (unknown is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return profile; // the login is valid; the API may not be up yet
        }
    }

    private static void Say(Sessions sessions, Profile profile) =>
        sessions.Around.Out.WriteLine(
            $"✓ Authenticated. Profile: {profile.Name}{(profile.Roles.Count > 0 ? $" ({string.Join(", ", profile.Roles)})" : "")}");

    private static async Task<Profile> ValidAsync(
        Sessions sessions, ParseResult parsed, EnvironmentAddress environment, CancellationToken ct)
    {
        if (sessions.Key is not null)
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var session = await client.Identity.GetSessionAsync(ct);
            return new Profile
            {
                Name = Sessions.KeyVariable,
                Environment = environment.Name,
                Issuer = "",
                TokenEndpoint = "",
                AccessToken = "",
                Roles = session.Roles
            };
        }

        var all = await sessions.Store.ReadAsync(ct);
        var profile = sessions.Select(parsed, all)
            ?? throw new StoppedException(ExitCodes.NotAuthenticated, $"No valid session. Run: {Sessions.LoginCommand(environment.Name)}");
        await sessions.TokenAsync(profile.Name, refused: null, ct);
        return profile;
    }

    private static Command Status(Sessions sessions) => new Command("status", "Show the current session.")
        .WithExamples("aegis auth status", "aegis auth status --output json")
        .Does(async (parsed, ct) =>
        {
            var status = sessions.Key is null ? OfProfile(await sessions.ProfileAsync(parsed, ct)) : await OfKeyAsync(sessions, parsed, ct);
            var printer = sessions.Printer(parsed);
            if (printer.IsTable) Write(sessions.Around.Out, status);
            else printer.Show(status);
            if (status.Expires <= sessions.Around.Clock.GetUtcNow())
                throw new StoppedException(
                    ExitCodes.NotAuthenticated, $"The session has ended. Run: {Sessions.LoginCommand(status.Environment)}");
        });

    private static void Write(TextWriter to, SessionStatus status)
    {
        to.WriteLine($"Profile:       {status.Profile}");
        to.WriteLine($"Environment:   {status.Environment}");
        to.WriteLine($"Roles:         {(status.Roles.Count > 0 ? string.Join(", ", status.Roles) : "-")}");
        to.WriteLine(
            $"Expires:       {status.Expires?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "never"}");
        to.WriteLine($"Scopes:        {status.Scopes.Count}");
    }

    private static SessionStatus OfProfile(Profile p) =>
        new(p.Name, p.Environment, p.Roles, p.RefreshToken is null ? p.AccessExpiresAt : p.ExpiresAt, p.Scopes);

    private static async Task<SessionStatus> OfKeyAsync(Sessions sessions, ParseResult parsed, CancellationToken ct)
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var session = await client.Identity.GetSessionAsync(ct);
        return new SessionStatus(Sessions.KeyVariable, sessions.NamedEnvironment(parsed) ?? EnvironmentAddress.Default, session.Roles,
            session.ExpiresAt, session.Scopes);
    }

    private static Command Logout(Sessions sessions) => new Command("logout", "Revoke the current session and delete the stored profile.")
        .Does(async (parsed, ct) =>
        {
            Profile? gone = null;
            await sessions.Store.ChangeAsync(
                async all =>
                {
                    gone = sessions.Select(parsed, all);
                    if (gone is null) return all;
                    if (gone is { RevocationEndpoint: { } endpoint } && (gone.RefreshToken ?? gone.AccessToken) is { Length: > 0 } token
                        && !await sessions.Provider.RevokeAsync(endpoint, token, ct))
                        sessions.Around.Error.WriteLine(
                            $"! The session could not be revoked at {gone.Environment}. It was deleted here and will expire there.");
                    return all.Without(gone.Name);
                },
                isLogin: false, ct);
            if (gone is null) throw new StoppedException(ExitCodes.NotAuthenticated, "Not logged in.");
            sessions.Around.Out.WriteLine($"✓ Logged out. Profile: {gone.Name}");
        });

    private static Command Switch(Sessions sessions)
    {
        var name = Building.Id("profile", "The profile to use from now on.");
        return new Command("switch", "Use another profile.").Takes(name).WithExamples("aegis auth switch prod.example.org")
            .Does(async (parsed, ct) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            await sessions.Store.ChangeAsync(
                all => all.Profiles.ContainsKey(wanted)
                    ? Task.FromResult(all with { Current = wanted })
                    : throw new StoppedException(ExitCodes.NotFound, $"There is no profile '{wanted}'.{Others(all)}"),
                isLogin: false, ct);
            sessions.Around.Out.WriteLine($"✓ Switched. Profile: {wanted}");
        });
    }

    private static string Others(ProfileSet all) =>
        all.Profiles.Count == 0
            ? " Run: aegis auth login"
            : $" Available: {string.Join(", ", all.Profiles.Keys.Order(StringComparer.Ordinal))}.";

    private static Command Token(Sessions sessions) => new Command("token", "Print the current access key, for other tools.")
        .WithExamples("export AEGIS_KEY=$(aegis auth token)")
        .Does(async (parsed, ct) =>
            sessions.Around.Out.WriteLine(sessions.Key
                ?? await sessions.TokenAsync((await sessions.ProfileAsync(parsed, ct)).Name, refused: null, ct)));

    private sealed record SessionStatus(
        string Profile, string Environment, IReadOnlyList<string> Roles, DateTimeOffset? Expires, IReadOnlyList<string> Scopes);
}

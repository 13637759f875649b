using System.Diagnostics;
using System.Text.RegularExpressions;
using Aegis.Cli.Login.Keyring;
using Aegis.Cli.Profiles;
using Aegis.Cli.Running;
using Aegis.Kernel.Web.Http;

namespace Aegis.Tests.Cli;

/// <summary>The command as processes, logged in to a test host through its device grant.</summary>
public sealed partial class HostLoginTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const int Concurrent = 50;

    /// <summary>The published transcript, and the commands after it. Words in capitals are placeholders.</summary>
    private const string Transcript =
        """
        $ aegis auth login --env HOST
        » Authenticating with HOST...

        ! First copy your one-time code: CODE

          Open this URL in your browser:
          http://HOST/realms/aegis-system/device?user_code=CODE

          Waiting for authentication...

        ✓ Authenticated. Profile: HOST (aegis:operator)
        $ aegis auth status
        Profile:       HOST
        Environment:   HOST
        Roles:         aegis:operator
        Expires:       TIME
        Scopes:        NUMBER
        $ aegis auth status --output json
        {
          "profile": "HOST",
          "environment": "HOST",
          "roles": [
            "aegis:operator"
          ],
          "expires": "TIME",
          "scopes": [
            ANYTHING
          ]
        }
        $ aegis auth login --env HOST --non-interactive
        ✓ Authenticated. Profile: HOST (aegis:operator)
        $ aegis auth token
        TOKEN
        $ aegis agent list
        $ aegis auth switch HOST
        ✓ Switched. Profile: HOST
        $ aegis auth logout
        ✓ Logged out. Profile: HOST
        $ aegis auth status
        $ aegis auth login --env HOST --non-interactive
        """;

    /// <summary>Exit codes of the commands in the transcript, in their order.</summary>
    private static readonly int[] Ends = [0, 0, 0, 0, 0, 3, 0, 0, 4, 4];

    /// <summary>The host's public address.</summary>
    private string Host => new Uri(auth.App.Services.GetRequiredService<IPublicUrl>().Value).Authority;

    [Fact]
    public async Task The_output_matches_the_published_transcript_line_by_line()
    {
        using var home = new Home();
        var person = await auth.Person();
        var (printed, ended) = (new List<string>(), new List<int>());

        foreach (var command in Transcript.Split('\n').Where(l => l.StartsWith("$ ", StringComparison.Ordinal)))
        {
            var (code, output, _) = await home.Run(person, command.Replace("HOST", Host, StringComparison.Ordinal).Split(' ')[2..]);
            printed.Add(command.Replace("HOST", Host, StringComparison.Ordinal));
            printed.AddRange(output.TrimEnd('\n').Split('\n').Where((l, i) => i > 0 || l.Length > 0));
            ended.Add(code);
        }

        string.Join('\n', printed).Should().MatchRegex(Pattern());
        ended.Should().Equal(Ends);
    }

    [Fact]
    public async Task A_denied_login_says_so()
    {
        using var home = new Home();
        var person = await auth.Person();

        var denied = await home.Run(person, ["auth", "login", "--env", Host], deny: true);

        (denied.Code, denied.Error).Should().Be((4, "✗ The login was denied.\n"));
        File.Exists(home.StoreFile).Should().BeFalse();
    }

    [Fact]
    public async Task Fifty_concurrent_processes_refresh_an_expired_token_once_and_stay_logged_in()
    {
        using var home = new Home();
        var person = await auth.Person();
        (await home.Run(person, ["auth", "login", "--env", Host])).Code.Should().Be(0);
        await home.Expire();

        var ran = await Task.WhenAll(Enumerable.Range(0, Concurrent).Select(_ => home.Run(person, ["auth", "token"])));

        ran.Should().OnlyContain(r => r.Code == 0, "{0}", string.Concat(ran.Select(r => r.Error)));
        (await Refreshes(person)).Should().Be(1);
        ran.Select(r => r.Out).Distinct().Should().ContainSingle();
        (await home.Run(person, ["auth", "status"])).Code.Should().Be(0);
        (await home.Run(person, ["sessions", "list"])).Out.Should().Contain("aegis-cli");
    }

    [Fact]
    public async Task A_token_that_only_the_host_refuses_is_refreshed_once_too()
    {
        using var home = new Home();
        var person = await auth.Person();
        (await home.Run(person, ["auth", "login", "--env", Host])).Code.Should().Be(0);
        auth.Clock.Advance(TimeSpan.FromMinutes(20)); // the host's clock; the processes still consider the token valid

        var ran = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => home.Run(person, ["sessions", "list", "-o", "json"])));

        ran.Should().OnlyContain(r => r.Code == 0, "{0}", string.Concat(ran.Select(r => r.Error)));
        (await Refreshes(person)).Should().Be(1);
    }

    [Fact]
    public async Task Logging_out_ends_the_session_at_the_host()
    {
        using var home = new Home();
        var person = await auth.Person();
        (await home.Run(person, ["auth", "login", "--env", Host])).Code.Should().Be(0);
        var token = (await home.Run(person, ["auth", "token"])).Out.Trim();
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBe(System.Net.HttpStatusCode.OK);

        (await home.Run(person, ["auth", "logout"])).Should().Be((0, $"✓ Logged out. Profile: {Host}\n", ""));

        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBeRefused(System.Net.HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_session_ended_elsewhere_asks_for_a_login()
    {
        using var home = new Home();
        var person = await auth.Person();
        (await home.Run(person, ["auth", "login", "--env", Host])).Code.Should().Be(0);
        var current = (await home.Run(person, ["sessions", "list", "-o", "json"])).Out;
        var id = Regex.Match(current, "\"id\": \"(ses_[^\"]+)\"[^}]*?\"current\": true").Groups[1].Value;
        (await home.Run(person, ["sessions", "end", id])).Code.Should().Be(0);

        var after = await home.Run(person, ["sessions", "list"]);

        (after.Code, after.Error).Should().Be((4, $"✗ The session has ended. Run: aegis auth login --env {Host}\n"));
    }

    private Task<int> Refreshes(Person person) =>
        auth.App.Use<AuthDb, int>(db => db.RefreshFamilies.Where(f => f.UserId == person.UserId).SumAsync(f => f.Current));

    private static string Pattern() => "^" + Regex.Escape(Transcript)
        .Replace("HOST", @"[a-z0-9.]+:\d+", StringComparison.Ordinal).Replace("CODE", "[B-Z]{4}-[0-9]{4}", StringComparison.Ordinal)
        .Replace("TIME", @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", StringComparison.Ordinal)
        .Replace("NUMBER", @"[1-9]\d+", StringComparison.Ordinal)
        .Replace("TOKEN", @"[\w-]+\.[\w-]+\.[\w-]+", StringComparison.Ordinal)
        .Replace("ANYTHING", "[^]]+?", StringComparison.Ordinal) + "$";

    [GeneratedRegex("code: (\\S+)")]
    private static partial Regex UserCode();

    /// <summary>A home folder in which commands run as processes. The person approves or denies logins.</summary>
    private sealed class Home : IDisposable
    {
        private static readonly string Key = Convert.ToBase64String(new byte[32]); // a passphrase would cost each process a key derivation
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4); // fifty processes on two processors
        private readonly string folder =
            Path.Combine(AppContext.BaseDirectory, "homes", Kernel.Identifiers.Ids.New("usr", TimeProvider.System.GetUtcNow()));

        public Home() => Directory.CreateDirectory(folder);

        public string StoreFile => Path.Combine(folder, ".aegis", "auth.json");

        public async Task<(int Code, string Out, string Error)> Run(Person person, string[] arguments, bool deny = false)
        {
            using var process =
                Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aegis.dll"), .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    Environment = { ["HOME"] = folder, ["DBUS_SESSION_BUS_ADDRESS"] = "", ["XDG_RUNTIME_DIR"] = "", ["AEGIS_KEY"] = "",
                    ["AEGIS_ENV"] = "", ["AEGIS_AUTH_KEY"] = Key },
                })!;
            var (error, output) = (process.StandardError.ReadToEndAsync(), new List<string>());
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                output.Add($"{line}\n");
                if (!line.EndsWith("Waiting for authentication...", StringComparison.Ordinal)) continue;
                var code = UserCode().Match(string.Concat(output)).Groups[1].Value;
                await (deny ? person.Deny(code) : person.Approve(code));
            }

            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, string.Concat(output), await error);
        }

        /// <summary>Marks all access tokens in the file as expired.</summary>
        public async Task Expire()
        {
            var around = new CommandEnvironment
            {
                Out = TextWriter.Null,
                Error = TextWriter.Null,
                In = Stream.Null,
                OutBytes = Stream.Null,
                ErrorBytes = Stream.Null,
                Variable = name => name == "AEGIS_AUTH_KEY" ? Key : null,
                Home = folder,
                MachineName = Environment.MachineName,
                Http = null!,
            };
            await new ProfileStore(around, new StoreKeys(around, new NoKeyring())).ChangeAsync(
                all => Task.FromResult(all.Profiles.Values.Aggregate(
                    all, (set, p) => set.With(p with { AccessExpiresAt = DateTimeOffset.UnixEpoch }, makeCurrent: false))),
                isLogin: false, CancellationToken.None);
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}

namespace Aegis.Tests.Cli;

public sealed class LoginTests : IDisposable
{
    private const string Host = "dev.example.org";
    private readonly Issuer issuer = new();
    private readonly TestClock clock = new();
    private readonly Terminal terminal;

    public LoginTests() => terminal = new Terminal(issuer, clock);

    public void Dispose() => terminal.Dispose();

    [Fact]
    public async Task Logging_in_prints_the_published_transcript_line_by_line()
    {
        issuer.ErrorsBeforeTokens.Enqueue("authorization_pending");

        var ran = (await terminal.Run("auth", "login", "--env", Host)).ShouldEndWith(0);

        ran.Out.Split('\n').Should().Equal(
            "» Authenticating with dev.example.org...",
            "",
            "! First copy your one-time code: ABCD-1234",
            "",
            "  Open this URL in your browser:",
            "  https://auth.dev.example.org/realms/aegis-system/device?user_code=ABCD-1234",
            "",
            "  Waiting for authentication...",
            "",
            "✓ Authenticated. Profile: dev.example.org (aegis:operator)",
            "");
        issuer.Calls.Should().OnlyContain(c => c.Contains(" https://auth.dev.example.org/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_prints_the_published_lines()
    {
        await terminal.Run("auth", "login", "--env", Host);

        var ran = (await terminal.Run("auth", "status")).ShouldEndWith(0);

        var lines = ran.Out.Split('\n');
        lines.Should().HaveCount(6);
        lines[0].Should().Be("Profile:       dev.example.org");
        lines[1].Should().Be("Environment:   dev.example.org");
        lines[2].Should().Be("Roles:         aegis:operator");
        lines[3].Should().MatchRegex(@"^Expires:       \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        lines[4].Should().Be("Scopes:        3");
        var json = (await terminal.Run("auth", "status", "--output", "json")).Json;
        json.GetProperty("profile").GetString().Should().Be(Host);
        json.GetProperty("scopes").GetArrayLength().Should().Be(3);
        (await terminal.Run("auth", "status", "-o", "yaml")).Out.Should().Contain("profile: dev.example.org");
    }

    [Fact]
    public async Task A_client_told_to_slow_down_still_logs_in()
    {
        issuer.ErrorsBeforeTokens.Enqueue("slow_down");

        (await terminal.Run("auth", "login", "--env", Host)).ShouldEndWith(0);
    }

    [Theory]
    [InlineData("access_denied", 4, "denied")]
    [InlineData("expired_token", 4, "expired")]
    [InlineData("invalid_client", 1, "invalid_client")]
    public async Task A_failed_login_says_why_and_stores_nothing(string error, int code, string word)
    {
        issuer.ErrorsBeforeTokens.Enqueue(error);

        var ran = (await terminal.Run("auth", "login", "--env", Host)).ShouldEndWith(code);

        ran.Error.Should().StartWith("✗ ").And.Contain(word);
        File.Exists(terminal.StoreFile).Should().BeFalse();
    }

    [Fact]
    public async Task A_token_is_refreshed_silently_and_printed()
    {
        await terminal.Run("auth", "login", "--env", Host);
        var first = (await terminal.Run("auth", "token")).ShouldEndWith(0).Out;

        clock.Advance(TimeSpan.FromMinutes(20));
        var second = (await terminal.Run("auth", "token")).ShouldEndWith(0);

        second.Out.Should().NotBe(first);
        second.Error.Should().BeEmpty();
        issuer.Refreshes.Should().Be(1);
    }

    [Fact]
    public async Task Fifty_concurrent_calls_refresh_an_expired_token_once()
    {
        await terminal.Run("auth", "login", "--env", Host);
        clock.Advance(TimeSpan.FromMinutes(20));
        issuer.AnswerDelay = TimeSpan.FromMilliseconds(500);

        var ran = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => terminal.Run("auth", "token"))));

        ran.Should().OnlyContain(r => r.Code == 0);
        ran.Select(r => r.Out).Distinct().Should().ContainSingle();
        issuer.Refreshes.Should().Be(1);
    }

    [Fact]
    public async Task An_unreachable_issuer_does_not_end_the_session()
    {
        await terminal.Run("auth", "login", "--env", Host);
        clock.Advance(TimeSpan.FromMinutes(20));
        issuer.IsDown = true;
        (await terminal.Run("auth", "token")).ShouldEndWith(8).Error.Should().Contain("cannot be reached");

        issuer.IsDown = false;

        (await terminal.Run("auth", "token")).ShouldEndWith(0);
    }

    [Fact]
    public async Task An_ended_session_asks_for_a_login()
    {
        await terminal.Run("auth", "login", "--env", Host);
        clock.Advance(TimeSpan.FromMinutes(20));
        issuer.End();

        (await terminal.Run("auth", "token")).ShouldEndWith(4).Error.Should().Contain("aegis auth login --env dev.example.org");
        (await terminal.Run("auth", "login", "--env", Host, "--non-interactive")).ShouldEndWith(4);
        (await terminal.Run("auth", "login", "--env", Host)).ShouldEndWith(0);
    }

    [Fact]
    public async Task Without_interaction_a_valid_session_is_required()
    {
        (await terminal.Run("auth", "login", "--env", Host, "--non-interactive")).ShouldEndWith(4).Out.Should().BeEmpty();
        await terminal.Run("auth", "login", "--env", Host);

        (await terminal.Run("auth", "login", "--env", Host, "--non-interactive")).ShouldEndWith(0).Out
            .Should().Be("✓ Authenticated. Profile: dev.example.org (aegis:operator)\n");
    }

    [Fact]
    public async Task Logging_out_revokes_the_session_and_deletes_the_profile()
    {
        await terminal.Run("auth", "login", "--env", Host);

        (await terminal.Run("auth", "logout")).ShouldEndWith(0).Out.Should().Be("✓ Logged out. Profile: dev.example.org\n");

        issuer.Revoked.Should().Equal("refresh-1");
        (await terminal.Run("auth", "status")).ShouldEndWith(4);
        (await terminal.Run("auth", "logout")).ShouldEndWith(4);
    }

    [Fact]
    public async Task Each_environment_is_a_profile_and_one_is_current()
    {
        await terminal.Run("auth", "login", "--env", Host);
        await terminal.Run("auth", "login", "--env", "prod.example.org");
        (await terminal.Run("auth", "status")).Out.Should().StartWith("Profile:       prod.example.org");

        (await terminal.Run("auth", "switch", Host)).ShouldEndWith(0).Out.Should().Be("✓ Switched. Profile: dev.example.org\n");

        (await terminal.Run("auth", "status")).Out.Should().StartWith("Profile:       dev.example.org");
        (await terminal.Run("auth", "switch", "none")).ShouldEndWith(6).Error.Should().Contain("prod.example.org");
        (await terminal.Run("auth", "status", "--profile", "prod.example.org")).Out.Should().StartWith("Profile:       prod.example.org");
        terminal["AEGIS_ENV"] = "prod.example.org";
        (await terminal.Run("auth", "status")).Out.Should().StartWith("Profile:       prod.example.org");
    }

    [Fact]
    public async Task A_key_takes_precedence_over_every_profile()
    {
        await terminal.Run("auth", "login", "--env", Host);
        terminal["AEGIS_KEY"] = "aegis_test_key";

        (await terminal.Run("auth", "token")).ShouldEndWith(0).Out.Should().Be("aegis_test_key\n");
    }

    [Fact]
    public async Task An_issuer_with_another_name_is_refused()
    {
        using var other = new Terminal(new Renamed(issuer), clock);

        (await other.Run("auth", "login", "--env", Host)).ShouldEndWith(1).Error.Should().Contain("names its issuer");
    }

    /// <summary>Answers in the name of another host.</summary>
    private sealed class Renamed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!.AbsoluteUri.Replace("auth.dev", "auth.evil", StringComparison.Ordinal));
            return base.SendAsync(request, cancellationToken);
        }
    }
}

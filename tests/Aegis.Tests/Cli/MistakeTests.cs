namespace Aegis.Tests.Cli;

/// <summary>Mistakes on the command line are explained in words, with a suggestion.</summary>
public sealed class MistakeTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Theory]
    [InlineData("keys list -o xml", "'xml' is not a value of --output. Give one of: table, json, yaml.")]
    [InlineData("audit --from yesterday", "'yesterday' is not a time. Give --from as in 2026-12-31T00:00:00Z.")]
    [InlineData("keys list --limit many", "'many' is not a whole number. Give --limit as in 50.")]
    [InlineData("keys list --limit -1", "--limit must be 0 or more.")]
    [InlineData("credentials create x --expires-at soon", "'soon' is not a time. Give --expires-at as in 2026-12-31T00:00:00Z.")]
    [InlineData("keys", "Give a command: aegis keys list|show|create|rotate|revoke")]
    [InlineData("keys lst", "'lst' is not a command of 'aegis keys'. Did you mean list?")]
    [InlineData("kyes list", "Did you mean keys?")]
    [InlineData("keys list --lmit 3", "'--lmit' is not an option of 'aegis keys list'. Did you mean --limit?")]
    [InlineData("auth status now", "'now' is one argument too many for 'aegis auth status'.")]
    public async Task A_mistake_is_explained_with_the_next_step(string line, string sentence)
    {
        using var terminal = Terminal();

        var ran = (await terminal.Run(line.Split(' '))).ShouldEndWith(2);

        ran.Error
            .Should().Contain(sentence).And.NotContain("System.").And.NotContain("Aegis.Cli").And.Contain("--help shows the usage.");
    }

    [Theory]
    [InlineData("help", "Usage:")]
    [InlineData("help keys create", "aegis keys create ci-pipeline")]
    [InlineData("keys ls", "EXPIRES AT")]
    [InlineData("webhooks ls", "URL")]
    public async Task Common_first_attempts_work(string line, string shown)
    {
        using var terminal = Terminal();

        (await terminal.Run(line.Split(' '))).ShouldEndWith(0).Out.Should().Contain(shown);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("-v")]
    [InlineData("--version")]
    public async Task The_version_is_shown_for_each_usual_word(string word)
    {
        using var terminal = Terminal();

        (await terminal.Run(word)).ShouldEndWith(0).Out.Should().MatchRegex(@"^\d+\.\d+\.\d+");
    }

    [Fact]
    public async Task Login_and_logout_work_without_auth_before_them()
    {
        using var terminal = Terminal();
        terminal["AEGIS_KEY"] = null;

        (await terminal.Run("login", "--non-interactive")).ShouldEndWith(4).Error.Should().Contain("Run: aegis auth login");
        (await terminal.Run("logout")).ShouldEndWith(4).Error.Should().Contain("Not logged in.");
    }

    [Fact]
    public async Task A_truncated_list_says_so_and_can_be_shown_completely()
    {
        using var terminal = Terminal();
        for (var i = 0; i < 3; i++) await terminal.RunWith("value", "credentials", "create", $"cut-{i}");

        var cut = (await terminal.Run("credentials", "list", "--limit", "2")).ShouldEndWith(0);
        var whole = (await terminal.Run("credentials", "list", "--limit", "0")).ShouldEndWith(0);

        cut.Error.Should().Be("! These are the first 2. Show all with --limit 0.\n");
        cut.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(1 + 2);
        whole.Error.Should().BeEmpty();
        whole.Out.Should().Contain("cut-0").And.Contain("cut-1").And.Contain("cut-2");
    }

    [Fact]
    public async Task Advice_names_commands_instead_of_API_addresses()
    {
        using var terminal = Terminal();
        await terminal.RunWith("value", "credentials", "create", "fixed", "--provider", "api");

        var refused = (await terminal.Run("credentials", "rotate", "fixed")).ShouldEndWith(7);

        refused.Error.Should().Contain("aegis credentials set-value NAME").And.NotContain("PUT");
    }

    private Terminal Terminal() => new() { ["AEGIS_KEY"] = app.Key("admin"), ["AEGIS_ENV"] = app.BaseAddress.Authority };
}

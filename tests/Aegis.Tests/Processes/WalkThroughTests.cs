using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Aegis.Tests.Processes;

/// <summary>What the README promises, pasted into a shell against a real process.</summary>
public sealed partial class WalkThroughTests
{
    [Fact]
    public async Task The_walk_through_of_the_README_works_when_pasted()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var host = await HostProcess.Start(folder);

        var (exitCode, output) = await Bash(Script("README.md", host), folder);

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("study.zip: OK");
        output.Should().Contain("\"code\":\"transfer_destroyed\"");
        output.Should().Contain("\"keyErasedAt\"");
        output.Should().Contain("\"action\":\"transfer.delivered\"").And.Contain("\"action\":\"transfer.destroying\"");
    }

    [Fact]
    public async Task The_way_in_of_the_documentation_works_when_pasted()
    {
        var folder = HostProcess.NewDataDirectory();
        await using var host = await HostProcess.Start(folder);

        var (exitCode, output) = await Bash(Script(Path.Combine("docs", "onboarding.md"), host), folder);

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("\"code\":\"claim_used\"").And.Contain("\"name\":\"Example Reading LLC\"");
        output.Should().Contain("\"status\":\"active\"").And.Contain("\"providerBaaUntil\":\"2030-06-30\"");
    }

    private static string Script(string document, HostProcess host)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        var text = File.ReadAllText(Path.Combine(folder.FullName, document));
        return string.Join('\n', Blocks().Matches(text).Select(m => m.Groups[1].Value))
            .Replace("BASE=http://localhost:8012", $"BASE={host.BaseUrl}", StringComparison.Ordinal)
            .Replace("DATA=data", $"DATA={host.DataDirectory}", StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> Bash(string script, string folder)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var errors = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, await output + await errors);
    }

    [GeneratedRegex("<!-- walk-through -->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

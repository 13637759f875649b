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
        var script = Script().Replace("BASE=http://localhost:8012", $"BASE={host.BaseUrl}", StringComparison.Ordinal)
            .Replace("DATA=data", $"DATA={folder}", StringComparison.Ordinal);

        var (exitCode, output) = await Bash(script, folder);

        exitCode.Should().Be(0, "the output was {0}", output);
        output.Should().Contain("study.zip: OK");
        output.Should().Contain("\"code\":\"transfer_destroyed\"");
        output.Should().Contain("\"keyErasedAt\"");
        output.Should().Contain("\"action\":\"transfer.delivered\"").And.Contain("\"action\":\"transfer.destroying\"");
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        var readme = File.ReadAllText(Path.Combine(folder.FullName, "README.md"));
        return string.Join('\n', Blocks().Matches(readme).Select(m => m.Groups[1].Value));
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

using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Aegis.Tests.Processes;

/// <summary>Runs the commands shown in a document in a shell, against a real host process.</summary>
internal static partial class PastedDocument
{
    /// <summary>Runs the marked blocks of these documents in order, in one shell.</summary>
    public static Task<(int ExitCode, string Output)> Paste(HostProcess host, string folder, params string[] documents) =>
        Bash(string.Join('\n', documents.Select(d => Script(d, host))), folder);

    /// <summary>
    /// Runs every block of a page like a reader, and compares expected codes in comments (<c># 401 api_key_revoked</c>) with the output.
    /// Lines that start the host are skipped because it already runs.
    /// </summary>
    /// <param name="host">The host. Its address and data directory replace those in the page.</param>
    /// <param name="document">Path of the page, relative to the repository.</param>
    /// <param name="instead">More texts of the page and their replacements, for example the address of another program.</param>
    public static async Task<string> PasteAll(HostProcess host, string document, params (string Shown, string Real)[] instead)
    {
        var blocks = AllBlocks().Matches(Text(document)).Select(m => m.Groups[1].Value).ToList();
        blocks.Should().NotBeEmpty("{0} must contain a command block", document);
        var script = StartOfHost().Replace(string.Join('\n', blocks), "")
            .Replace("http://localhost:8012", host.BaseUrl, StringComparison.Ordinal)
            .Replace("localhost:8012", new Uri(host.BaseUrl).Authority, StringComparison.Ordinal)
            .Replace("DATA=data", $"DATA={host.DataDirectory}", StringComparison.Ordinal)
            .Replace("data/sandbox.json", $"{host.DataDirectory}/sandbox.json", StringComparison.Ordinal)
            .Replace("alias aegis=\"dotnet run --no-launch-profile --project src/Aegis.Cli --\"",
                $"aegis() {{ dotnet {Path.Combine(AppContext.BaseDirectory, "aegis.dll")} \"$@\"; }}", StringComparison.Ordinal);
        foreach (var (shown, real) in instead)
        {
            script.Should().Contain(shown);
            script = script.Replace(shown, real, StringComparison.Ordinal);
        }

        var folder = Directory.CreateTempSubdirectory("aegis-page-").FullName;
        var (exitCode, output) = await Bash(
                $"export AEGIS_ENV={new Uri(host.BaseUrl).Authority}\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}", folder);
        Directory.Delete(folder, recursive: true);

        exitCode.Should().Be(0, "{0} printed {1}", document, output);
        foreach (var code in Promised().Matches(script).Select(m => m.Groups[1].Value)) output.Should().Contain($"\"code\":\"{code}\"");
        return output;
    }

    private static string Text(string document)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        return File.ReadAllText(Path.Combine(folder.FullName, document));
    }

    private static string Script(string document, HostProcess host)
    {
        return string.Join('\n', Blocks().Matches(Text(document)).Select(m => m.Groups[1].Value))
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

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex AllBlocks();

    [GeneratedRegex("^(?:dotnet run --project src/Aegis.Host &|until curl .*)\n", RegexOptions.Multiline)]
    private static partial Regex StartOfHost();

    [GeneratedRegex(@"# \d{3} ([a-z_]+)")]
    private static partial Regex Promised();
}

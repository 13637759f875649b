using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Aegis.Tests.Processes;

/// <summary>The commands that a document shows, pasted into a shell against a real process.</summary>
internal static partial class PastedDocument
{
    /// <summary>Runs the marked blocks of these documents, one after the other in the same shell.</summary>
    public static Task<(int ExitCode, string Output)> Paste(HostProcess host, string folder, params string[] documents) =>
        Bash(string.Join('\n', documents.Select(d => Script(d, host))), folder);

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

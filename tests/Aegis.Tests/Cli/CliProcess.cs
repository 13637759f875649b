using System.Diagnostics;

namespace Aegis.Tests.Cli;

/// <summary>Starts <c>aegis</c> as a process, alone or in a shell command line in which <c>$AEGIS</c> is the command.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Process Start(this AegisApp app, params string[] args) =>
        Process.Start(Described(app, "dotnet", [Path.Combine(AppContext.BaseDirectory, "aegis.dll"), .. args]))!;

    public static Process StartShell(this AegisApp app, string line)
    {
        var start = Described(app, "bash",
            ["-c", line.Replace("$AEGIS", $"dotnet {Path.Combine(AppContext.BaseDirectory, "aegis.dll")}", StringComparison.Ordinal)]);
        return Process.Start(start)!;
    }

    public static async Task<(int Code, byte[] Out, string Error)> Shell(this AegisApp app, string line)
    {
        using var process = app.StartShell(line);
        using var output = new MemoryStream();
        var (copied, error) = (process.StandardOutput.BaseStream.CopyToAsync(output), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await copied;
        return (process.ExitCode, output.ToArray(), await error);
    }

    public static async Task Signal(this Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static ProcessStartInfo Described(AegisApp app, string program, IEnumerable<string> args) => new(program, args)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["AEGIS_KEY"] = app.Key("admin"), ["AEGIS_ENV"] = app.BaseAddress.Authority, ["AEGIS_AUTH_KEY"] = "x" },
    };
}

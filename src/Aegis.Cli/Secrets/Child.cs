using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Aegis.Cli.Running;

namespace Aegis.Cli.Secrets;

/// <summary>A program that runs with further variables.</summary>
internal sealed class Child(Surroundings around)
{
    private const int CannotRun = 126;
    private const int NotFound = 127; // as shells say

    public async Task<int> RunAsync(string[] command, Dictionary<string, string> variables, IReadOnlyList<string> without, bool isMasked, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = isMasked, RedirectStandardError = isMasked };
        foreach (var name in without) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = new Process { StartInfo = start };

        // Ctrl-C reaches the program too; it decides, and this process ends when it has.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, c => c.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c =>
        {
            c.Cancel = true;
            Terminate(process);
        });
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            around.Error.WriteLine($"✗ {command[0]} cannot be run: {new Win32Exception(e.NativeErrorCode).Message}.");
            return e.NativeErrorCode == 2 ? NotFound : CannotRun;
        }

        if (isMasked)
        {
            var values = variables.Values.ToList();
            await Task.WhenAll(
                CopyAsync(process.StandardOutput.BaseStream, around.Out, values),
                CopyAsync(process.StandardError.BaseStream, around.Error, values));
        }

        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static async Task CopyAsync(Stream from, TextWriter to, List<string> secrets)
    {
        var (masker, decoder, buffer) = (new Masker(secrets), System.Text.Encoding.UTF8.GetDecoder(), new byte[16 * 1024]);
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0) await WriteAsync(masker.Pass(buffer.AsSpan(0, read)), flush: false);
        await WriteAsync(masker.End(), flush: true);

        async Task WriteAsync(byte[] bytes, bool flush)
        {
            var chars = new char[System.Text.Encoding.UTF8.GetMaxCharCount(bytes.Length)];
            await to.WriteAsync(chars.AsMemory(0, decoder.GetChars(bytes, chars, flush)));
            await to.FlushAsync();
        }
    }

    private static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.Kill(entireProcessTree: true);
        else _ = Kill(process.Id, Sigterm);
    }

    private const int Sigterm = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

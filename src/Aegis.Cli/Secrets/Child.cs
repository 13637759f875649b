using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Aegis.Cli.Running;

namespace Aegis.Cli.Secrets;

/// <summary>A program that runs with further variables. Its end decides the exit code; signals go on to it.</summary>
internal sealed class Child(Surroundings around)
{
    private const int CannotRun = 126;
    private const int NotFound = 127; // as shells say

    // What ends a process that does not know the signal, or wakes one that does. Stopping and resuming belong to the shell's job control.
    private static readonly int[] OfEverySystem = [1 /* HUP */, 14 /* ALRM */, 15 /* TERM */];
    private static readonly int[] OfKeys = [2 /* INT */, 3 /* QUIT */];
    private static readonly int[] OfLinux = [10 /* USR1 */, 12 /* USR2 */, 26 /* VTALRM */, 27 /* PROF */, 29 /* IO */, 30 /* PWR */];
    private static readonly int[] OfMac = [30 /* USR1 */, 31 /* USR2 */, 26 /* VTALRM */, 27 /* PROF */, 23 /* IO */];

    public async Task<int> RunAsync(string[] command, Dictionary<string, string> variables, IReadOnlyList<string> without, bool isMasked)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = isMasked, RedirectStandardError = isMasked };
        foreach (var name in without) start.Environment.Remove(name);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = new Process { StartInfo = start };
        var signals = Forward(process);
        try
        {
            process.Start();
            if (isMasked)
            {
                await Task.WhenAll(
                    CopyAsync(process.StandardOutput.BaseStream, around.OutBytes, variables.Values),
                    CopyAsync(process.StandardError.BaseStream, around.ErrorBytes, variables.Values));
            }

            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            around.Error.WriteLine($"✗ {command[0]} cannot be run: {new Win32Exception(e.NativeErrorCode).Message}.");
            return e.NativeErrorCode == 2 ? NotFound : CannotRun;
        }
        finally
        {
            foreach (var signal in signals) signal.Dispose();
        }
    }

    /// <summary>
    /// With a terminal, Ctrl-C and Ctrl-\ reach the program too, and twice would be once too often; without one only this process got the signal.
    /// </summary>
    private static List<PosixSignalRegistration> Forward(Process process)
    {
        var ofKeys = OfKeys.Select(s => Register(s, isForwarded: !Descriptors.HasTerminal()));
        if (OperatingSystem.IsWindows()) return [.. ofKeys, PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => End(c, process))];
        var own = OperatingSystem.IsMacOS() ? OfMac : OfLinux;
        return [.. ofKeys, .. OfEverySystem.Concat(own).Select(s => Register(s, isForwarded: true))];

        PosixSignalRegistration Register(int signal, bool isForwarded) => PosixSignalRegistration.Create(Named(signal), c =>
        {
            c.Cancel = true;
            if (isForwarded) Send(process, signal);
        });
    }

    private static PosixSignal Named(int signal) => signal switch
    {
        1 => PosixSignal.SIGHUP,
        2 => PosixSignal.SIGINT,
        3 => PosixSignal.SIGQUIT,
        15 => PosixSignal.SIGTERM,
        _ => (PosixSignal)signal, // the system's own number
    };

    private static void End(PosixSignalContext context, Process process)
    {
        context.Cancel = true;
        process.Kill(entireProcessTree: true);
    }

    private static void Send(Process process, int signal)
    {
        try
        {
            _ = Kill(process.Id, signal);
        }
        catch (InvalidOperationException)
        {
            // It has not started, or has ended: there is nobody to tell.
        }
    }

    /// <summary>Copies until the program ends, or nobody reads: then the program's pipe breaks as well, as it would without this process.</summary>
    private static async Task CopyAsync(Stream from, Stream to, IEnumerable<string> secrets)
    {
        var (masker, buffer) = (new Masker(secrets), new byte[16 * 1024]);
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer)) > 0)
            {
                await to.WriteAsync(masker.Pass(buffer.AsSpan(0, read)));
                await to.FlushAsync();
            }

            await to.WriteAsync(masker.End());
            await to.FlushAsync();
        }
        catch (IOException)
        {
            from.Close();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

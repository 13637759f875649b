using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aegis.Cli.Secrets;

/// <summary>A program that runs with further variables. Its end decides the exit code; signals go on to it.</summary>
internal sealed class Child(Surroundings around)
{
    private const int CannotRun = 126;
    private const int NotFound = 127; // as shells say
    private const int MaxPipe = 1024 * 1024; // what a pipe holds at most, so that all the program wrote before its end is within it
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1); // for the last words of what it piped its output through

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
            using var ended = new CancellationTokenSource();
            var copied = !isMasked ? Task.CompletedTask : Task.WhenAll(
                CopyAsync(process.StandardOutput.BaseStream, around.OutBytes, variables.Values, ended.Token),
                CopyAsync(process.StandardError.BaseStream, around.ErrorBytes, variables.Values, ended.Token));
            await process.WaitForExitAsync(CancellationToken.None);
            await ended.CancelAsync();
            await copied;
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
    /// With a terminal, Ctrl-C and Ctrl-\ reach the program too, and twice would be once too often; without one only this process got the
    /// signal.
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

    /// <summary>
    /// Copies until the pipe ends, or nobody reads: then the program's pipe breaks as well, as it would without this process. What the
    /// program leaves in the background may hold the pipe for ever, so once the program has ended only what is there, or comes at once, is
    /// copied.
    /// </summary>
    private async Task CopyAsync(Stream from, Stream to, IEnumerable<string> secrets, CancellationToken ended)
    {
        var (masker, buffer) = (new Masker(secrets), new byte[16 * 1024]);
        try
        {
            for (int read; (read = await ReadAsync(from, buffer, ended)) > 0;) await ShowAsync(masker.Pass(buffer.AsSpan(0, read)));
            var (waited, left) = (TimeSpan.Zero, ended.IsCancellationRequested ? MaxPipe : 0);
            while (left > 0 && waited < Afterwards)
            {
                using var limit = new CancellationTokenSource(Afterwards - waited, around.Clock);
                var begun = around.Clock.GetTimestamp();
                var read = await ReadAsync(from, buffer, limit.Token);
                if (read == 0) break;
                waited += around.Clock.GetElapsedTime(begun); // not while this process writes: who reads it may be slow, and gets all
                left -= read;
                await ShowAsync(masker.Pass(buffer.AsSpan(0, read)));
            }

            await ShowAsync(masker.End());
        }
        catch (IOException)
        {
            from.Close();
        }

        async Task ShowAsync(byte[] shown)
        {
            await to.WriteAsync(shown, CancellationToken.None);
            await to.FlushAsync(CancellationToken.None);
        }
    }

    private static async Task<int> ReadAsync(Stream from, byte[] buffer, CancellationToken until)
    {
        try
        {
            return await from.ReadAsync(buffer, until);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

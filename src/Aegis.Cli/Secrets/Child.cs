using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aegis.Cli.Secrets;

/// <summary>
/// Runs a program with additional environment variables, forwards signals to it, and copies its output through a <see cref="Masker"/>. The
/// program's exit code becomes that of the command.
/// </summary>
internal sealed class Child(CommandEnvironment around)
{
    private const int CannotRun = 126;
    private const int NotFound = 127; // as in shells
    private const int MaxPipe = 1024 * 1024; // the maximum size of a pipe, so that everything written before the program ended is read
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1); // for the last output of a program that still uses the pipe

    // Signals that end a process without a handler, or wake one with a handler. Stopping and resuming belong to the shell's job control.
    private static readonly int[] CommonSignals = [1 /* HUP */, 14 /* ALRM */, 15 /* TERM */];
    private static readonly int[] KeySignals = [2 /* INT */, 3 /* QUIT */];
    private static readonly int[] LinuxSignals = [10 /* USR1 */, 12 /* USR2 */, 26 /* VTALRM */, 27 /* PROF */, 29 /* IO */, 30 /* PWR */];
    private static readonly int[] MacSignals = [30 /* USR1 */, 31 /* USR2 */, 26 /* VTALRM */, 27 /* PROF */, 23 /* IO */];

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
    /// With a terminal, Ctrl-C and Ctrl-\ reach the program directly, so forwarding would send them twice. Without one only this process
    /// gets the signal.
    /// </summary>
    private static List<PosixSignalRegistration> Forward(Process process)
    {
        var keySignals = KeySignals.Select(s => Register(s, isForwarded: !Descriptors.HasTerminal()));
        if (OperatingSystem.IsWindows()) return [.. keySignals, PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => End(c, process))];
        var system = OperatingSystem.IsMacOS() ? MacSignals : LinuxSignals;
        return [.. keySignals, .. CommonSignals.Concat(system).Select(s => Register(s, isForwarded: true))];

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
            // The program has not started or has ended.
        }
    }

    /// <summary>
    /// Copies until the pipe ends or the reader has gone. Then the program's pipe breaks too, as it would without this process. A
    /// background process of the program may keep the pipe open for ever. So after the program has ended,
    /// only what is already there or comes at once is copied.
    /// </summary>
    private async Task CopyAsync(Stream from, Stream to, IEnumerable<string> secrets, CancellationToken ended)
    {
        var (masker, buffer) = (new Masker(secrets), new byte[16 * 1024]);
        try
        {
            for (int read; (read = await ReadAsync(from, buffer, ended)) > 0;) await ShowAsync(masker.Pass(buffer.AsSpan(0, read)));
            var (waited, left) = (TimeSpan.Zero, ended.IsCancellationRequested ? MaxPipe : 0);
            while (left > 0 && waited < DrainTime)
            {
                using var limit = new CancellationTokenSource(DrainTime - waited, around.Clock);
                var begun = around.Clock.GetTimestamp();
                var read = await ReadAsync(from, buffer, limit.Token);
                if (read == 0) break;
                waited += around.Clock.GetElapsedTime(begun); // time for writing is not counted: a slow reader still gets everything
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

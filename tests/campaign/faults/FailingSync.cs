using System.Diagnostics;
using Aegis.Tests.Processes;

namespace Aegis.Faults;

/// <summary>While attached, strace makes every fsync and fdatasync of the hosts fail with EIO.</summary>
internal sealed class FailingSync : IAsyncDisposable
{
    private static readonly TimeSpan Attaching = TimeSpan.FromSeconds(3);
    private readonly List<Process> tracers = [];

    public static async Task<IAsyncDisposable> Attach(IReadOnlyList<HostProcess> hosts)
    {
        var failing = new FailingSync();
        foreach (var host in hosts)
        {
            failing.tracers.Add(Process.Start(new ProcessStartInfo(
                "strace",
                ["-f", "-q", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO", "-p",
                    $"{host.Id}"]))
                ?? throw new InvalidOperationException("strace did not start. Install it."));
        }

        await Task.Delay(Attaching);
        if (failing.tracers.Exists(t => t.HasExited))
            throw new InvalidOperationException("strace could not attach. Run this as root or with CAP_SYS_PTRACE.");
        return failing;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tracer in tracers)
        {
            Command.Run("kill", "-INT", $"{tracer.Id}"); // so that it detaches
            await tracer.WaitForExitAsync();
            tracer.Dispose();
        }
    }
}

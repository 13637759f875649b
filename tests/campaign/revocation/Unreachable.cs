using System.Diagnostics;

namespace Aegis.Campaign.Revocation;

/// <summary>
/// Cuts one host off from its database: strace fails its reads and writes of SQLite's file and log. What the others write it cannot read,
/// and it can write nothing. Its locks are left alone, so the other hosts do not notice. Ends when disposed.
/// </summary>
internal sealed class Unreachable(Process strace) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static bool IsPossible => File.Exists("/usr/bin/strace");

    public static async Task<Unreachable> Begin(int processId, string database)
    {
        var start = new ProcessStartInfo("/usr/bin/strace",
            ["-f", "-p", $"{processId}", "-P", database, "-P", $"{database}-wal",
             "-e", "trace=pread64,pwrite64", "-e", "inject=pread64,pwrite64:error=EIO", "-o", "/dev/null"])
        {
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        if (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is not { } said
            || !said.Contains("attached", StringComparison.Ordinal))
            throw new InvalidOperationException("strace could not attach to the host; it needs the right to trace.");
        _ = process.StandardError.ReadToEndAsync();
        return new Unreachable(process);
    }

    public async ValueTask DisposeAsync()
    {
        using var interrupt = Process.Start("kill", ["-INT", $"{strace.Id}"]);
        await interrupt.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await strace.WaitForExitAsync(patience.Token);
        strace.Dispose();
    }
}

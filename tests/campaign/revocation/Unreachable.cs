using System.Diagnostics;

namespace Aegis.Campaign.Revocation;

/// <summary>
/// Cuts one host off from its database: strace makes its reads and writes of SQLite's file and log fail. The host cannot read what others
/// write, and cannot write itself. Its locks are not affected, so the other hosts do not notice. Dispose ends it.
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
            throw new InvalidOperationException("strace could not attach. Run the campaign as a user that may trace processes.");
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

namespace Aegis.Benchmarks.Processes;

/// <summary>The most that a process had resident while it was watched.</summary>
internal static class MemoryPeak
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Task<long> Watch(Server server, CancellationToken ct) => Task.Run(async () =>
    {
        var max = server.Memory;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Look, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            max = Math.Max(max, server.Memory);
        }

        return max;
    }, CancellationToken.None);
}

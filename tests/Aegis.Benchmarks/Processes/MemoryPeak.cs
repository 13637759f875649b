namespace Aegis.Benchmarks.Processes;

/// <summary>The peak of a process's resident memory while it is watched.</summary>
internal static class MemoryPeak
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task<long> Watch(Server server, CancellationToken ct) => Task.Run(async () =>
    {
        var max = server.Memory;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Interval, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            max = Math.Max(max, server.Memory);
        }

        return max;
    }, CancellationToken.None);
}

namespace Aegis.Benchmarks.Load;

/// <summary>The measurements of one server over all rounds.</summary>
internal sealed class Sample
{
    private readonly List<long> ticks = [];
    private TimeSpan elapsed;
    private TimeSpan cpu;

    public double PerSecond => ticks.Count / elapsed.TotalSeconds;

    /// <summary>Processor time of the server per operation, in milliseconds.</summary>
    public double CpuEach => cpu.TotalMilliseconds / ticks.Count;

    /// <summary>A percentile of the latencies, in milliseconds. <paramref name="part"/> is between 0 and 1.</summary>
    public double Percentile(double part)
    {
        ticks.Sort();
        return ticks[Math.Min(ticks.Count - 1, (int)(ticks.Count * part))] * 1000.0 / Stopwatch.Frequency;
    }

    public void Add(IEnumerable<long> latencies, TimeSpan took, TimeSpan used)
    {
        ticks.AddRange(latencies);
        elapsed += took;
        cpu += used;
    }
}

/// <summary>Connections that each send the next request as soon as the previous one is answered.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for the given time.</summary>
    public static Task Run(Server server, ReadOnlyMemory<byte> request, int connections, TimeSpan time, Sample into) =>
        Run(server, _ => request, connections, time, into);

    /// <summary>Runs for the given time, with a separate request for each connection.</summary>
    public static Task Run(Server server, Func<int, ReadOnlyMemory<byte>> request, int connections, TimeSpan time, Sample into) =>
        Run(server, request, connections, (watch, _) => watch.Elapsed < time, into);

    /// <summary>Runs a number of requests on one connection.</summary>
    public static Task Run(Server server, ReadOnlyMemory<byte> request, int count, Sample into) =>
        Run(server, _ => request, connections: 1, (_, sent) => sent < count, into);

    private static async Task Run(
        Server server, Func<int, ReadOnlyMemory<byte>> request, int connections, Func<Stopwatch, int, bool> shouldContinue, Sample into)
    {
        var before = server.Cpu;
        var watch = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            var own = request(number);
            using var connection = await Connection.Open(server.Port);
            var seen = new List<long>();
            while (shouldContinue(watch, seen.Count))
            {
                var sent = Stopwatch.GetTimestamp();
                var answer = await connection.Send(own);
                if (answer.Status != 200) throw new InvalidOperationException($"The server answered {answer.Status}.");
                seen.Add(Stopwatch.GetTimestamp() - sent);
            }

            return seen;
        })));
        into.Add(latencies.SelectMany(l => l), watch.Elapsed, server.Cpu - before);
    }
}

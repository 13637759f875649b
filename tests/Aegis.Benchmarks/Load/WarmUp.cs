namespace Aegis.Benchmarks.Load;

/// <summary>Loads a server until its requests no longer become cheaper. At first the JIT compiler uses the same processors.</summary>
internal static class WarmUp
{
    private const double Settled = 0.95; // relative to the processor time per request in the previous window

    public static async Task Run(Plan plan, Server server, Func<int, ReadOnlyMemory<byte>> request)
    {
        var before = double.MaxValue;
        for (var driven = TimeSpan.Zero; driven < plan.LongestWarmUp; driven += plan.WarmUp)
        {
            var window = new Sample();
            await ClosedLoop.Run(server, request, Plan.Connections, plan.WarmUp, window);
            if (window.CpuEach >= before * Settled) return;
            before = window.CpuEach;
        }
    }
}

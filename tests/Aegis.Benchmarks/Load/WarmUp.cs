namespace Aegis.Benchmarks.Load;

/// <summary>Drives a server until its requests get no cheaper: the compiler works beside them at first, on the same processors.</summary>
internal static class WarmUp
{
    private const double Settled = 0.95; // of the processor time that a request took a window ago

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

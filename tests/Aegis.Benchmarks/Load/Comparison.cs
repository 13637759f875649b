namespace Aegis.Benchmarks.Load;

/// <summary>Measures subject and ceiling alternately, so that other load on the machine affects both.</summary>
internal static class Comparison
{
    public static Task<(Sample Subject, Sample Ceiling)> Run(
        Plan plan, (Server Server, byte[] Request) subject, (Server Server, byte[] Request) ceiling) =>
        Run(plan, (subject.Server, _ => subject.Request), (ceiling.Server, _ => ceiling.Request));

    /// <summary>The same, with a separate request for each connection.</summary>
    public static async Task<(Sample Subject, Sample Ceiling)> Run(
        Plan plan, (Server Server, Func<int, ReadOnlyMemory<byte>> Request) subject,
        (Server Server, Func<int, ReadOnlyMemory<byte>> Request) ceiling)
    {
        var (seen, best) = (new Sample(), new Sample());
        await WarmUp.Run(plan, subject.Server, subject.Request);
        await WarmUp.Run(plan, ceiling.Server, ceiling.Request);
        for (var round = 0; round < plan.Rounds; round++)
        {
            await ClosedLoop.Run(subject.Server, subject.Request, Plan.Connections, plan.Round, seen);
            await ClosedLoop.Run(ceiling.Server, ceiling.Request, Plan.Connections, plan.Round, best);
        }

        return (seen, best);
    }
}

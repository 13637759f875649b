namespace Aegis.Benchmarks.Load;

/// <summary>Subject and ceiling by turns, so that whatever else the machine does hits both.</summary>
internal static class Duel
{
    public static Task<(Sample Subject, Sample Ceiling)> Run(
        Plan plan, (Server Server, byte[] Request) subject, (Server Server, byte[] Request) ceiling) =>
        Run(plan, (subject.Server, _ => subject.Request), (ceiling.Server, _ => ceiling.Request));

    /// <summary>The same with a request of its own for each connection.</summary>
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

namespace Aegis.Benchmarks.Measures;

/// <summary>P8: every list and look-up on few rows and on many.</summary>
internal static class Growth
{
    private const int FewRows = 1_000;
    private const double MaxRatio = 1.5;
    private const int Slices = 10; // few and many alternate
    private const int EachSlice = 100;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var few = await Grown(workspace, FewRows);
        await using var many = await Grown(workspace, plan.ManyRows);
        var (fewPaths, manyPaths) = (await few.Paths(), await many.Paths());
        foreach (var (path, index) in manyPaths.Select((p, i) => (p, i)))
        {
            var token = (await few.Token(path.AsProvider), await many.Token(path.AsProvider));
            report(await Compare(
                plan, path.What, (few.Host.Server, Requests.Get(fewPaths[index].Path, token.Item1)),
                (many.Host.Server, Requests.Get(path.Path, token.Item2))));
        }
    }

    /// <summary>Sends the same request alternately to a host with few rows and to one with many.</summary>
    public static async Task<Row> Compare(Plan plan, string what, (Server Server, byte[] Request) few, (Server Server, byte[] Request) many)
    {
        var (little, large) = (new Sample(), new Sample());
        await ClosedLoop.Run(few.Server, few.Request, EachSlice, new Sample());
        await ClosedLoop.Run(many.Server, many.Request, EachSlice, new Sample());
        for (var slice = 0; slice < (plan.IsQuick ? 1 : Slices); slice++)
        {
            await ClosedLoop.Run(few.Server, few.Request, EachSlice, little);
            await ClosedLoop.Run(many.Server, many.Request, EachSlice, large);
        }

        var ratio = large.Percentile(0.99) / little.Percentile(0.99);
        return new Row("P8", what, $"p99 {large.Percentile(0.99):0.0} ms")
        {
            Ceiling = $"{little.Percentile(0.99):0.0} ms, {little.CpuEach:0.000} ms CPU",
            Ratio = ratio,
            Target = $"≤ {MaxRatio}",
            Met = ratio <= MaxRatio,
            Latency = $"{large.Percentile(0.5):0.0} / {large.Percentile(0.99):0.0}",
            Cpu = $"{large.CpuEach:0.000} ms",
        };
    }

    /// <summary>A host whose database was filled with copies of one real exchange.</summary>
    private static async Task<GrownHost> Grown(Workspace workspace, int rows)
    {
        var folder = workspace.NewFolder($"rows-{rows}");
        string transfer;
        await using (var first = await AegisHost.Start(folder))
        {
            transfer = (await first.Fulfil(Body.Multipart(await CtStudy.Make(1)))).TransferId;
            await first.Ask();
            await first.Call(Requests.Get("/v1/audit", await first.ConsumerToken())); // waits until every entry is sequenced
        }

        Rows.Insert(Path.Combine(folder, "aegis.db"), rows);
        return new GrownHost(await AegisHost.Start(folder), transfer, rows);
    }
}

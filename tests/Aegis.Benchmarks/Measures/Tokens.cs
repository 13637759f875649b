namespace Aegis.Benchmarks.Measures;

/// <summary>
/// P1: the exchange of a key for a token, compared with the signature alone. Like each figure of this folder it has a method Measure, which
/// starts its hosts in a workspace, loads them and reports rows of the table. <see cref="Crowd"/>, <see cref="Bulk"/> and <see
/// cref="Rows"/> fill databases with SQL. A target that is missed is marked in the table; a failed request ends the run.
/// </summary>
internal static class Tokens
{
    private const double Target = 0.5;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("tokens"));
        await using var ceiling = await CeilingApp.Start(workspace.NewFolder("ceiling"));
        var (seen, best) = await Comparison.Run(
            plan, (host.Server, Requests.Token(host.ConsumerKey)), (ceiling, Requests.Token(host.ConsumerKey, "/token")));
        report(Pair.Row("P1", "POST /v1/auth/token", Target, seen, best, host.Server.Memory));

        await using var crowd = await Crowd.Start(plan, workspace);
        await using var few = await AegisHost.Start(workspace.NewFolder("few")); // as fresh as the crowded host
        report(await Crowd.Compare(
            "P1", plan, (crowd.Server, Requests.Token(crowd.ConsumerKey)), (few.Server, Requests.Token(few.ConsumerKey))));
    }
}

/// <summary>The row of a comparison.</summary>
internal static class Pair
{
    public static Row Row(string id, string what, double target, Sample seen, Sample best, long memory) =>
        new(id, what, $"{seen.PerSecond:N0}/s")
        {
            Ceiling = $"{best.PerSecond:N0}/s, {best.CpuEach:0.000} ms CPU",
            Ratio = seen.PerSecond / best.PerSecond,
            Target = $"≥ {target:0.0}",
            Met = seen.PerSecond >= target * best.PerSecond,
            Latency = $"{seen.Percentile(0.5):0.0} / {seen.Percentile(0.99):0.0}",
            Cpu = $"{seen.CpuEach:0.000} ms",
            Memory = Table.Megabytes(memory),
        };
}

namespace Aegis.Benchmarks.Measures;

/// <summary>P3: credential values read, with each use counted and audited, and new versions written.</summary>
internal static class Secrets
{
    private const double MaxCpuOfRead = 0.3;
    private const double MaxCpuOfWrite = 1;
    private const double WriteTarget = 0.7;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("secrets"));
        var token = await host.AdminToken();
        for (var i = 0; i < Plan.Connections; i++)
            await host.Call(Requests.Post("/v1/credentials", token,
                $$"""{"name":"bench-{{i}}","credential_type":"api_key","provider":"env","value":"{{new string('v', 64)}}"}"""));
        await using var ceiling = await CeilingApp.Start(workspace.NewFolder("ceiling"), host.DatabaseFile);

        var read = new Sample();
        byte[] get = Requests.Get("/v1/credentials/bench-0/value", token);
        await WarmUp.Run(plan, host.Server, _ => get);
        for (var round = 0; round < plan.Rounds; round++) await ClosedLoop.Run(host.Server, get, Plan.Connections, plan.Round, read);
        report(Cost("GET …/value", read, MaxCpuOfRead, host));

        var (written, best) = await Comparison.Run(
            plan,
            (host.Server, i => Requests.Put(
                $"/v1/credentials/bench-{i}/value", token, """{"value":"another value of some length, as keys of APIs have it"}""")),
            (ceiling, i => Requests.Put($"/versions/{i}", null, "{}")));
        report(Pair.Row("P3", "PUT …/value", WriteTarget, written, best, host.Server.Memory));
        report(Cost("the same", written, MaxCpuOfWrite, host));
    }

    private static Row Cost(string what, Sample sample, double max, AegisHost host) =>
        new("P3", $"{what}, processor time", $"{sample.CpuEach:0.000} ms, {sample.PerSecond:N0}/s")
        {
            Target = $"≤ {max:0.0} ms",
            Met = sample.CpuEach <= max,
            Latency = $"{sample.Percentile(0.5):0.0} / {sample.Percentile(0.99):0.0}",
            Cpu = $"{sample.CpuEach:0.000} ms",
            Memory = Table.Megabytes(host.Server.Memory),
        };
}

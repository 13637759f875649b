namespace Aegis.Benchmarks.Measures;

/// <summary>Repeats P1 and P2 on a host with many keys and sessions, compared with one that has few.</summary>
internal static class Crowd
{
    private const double MaxRatio = 1.5;

    /// <summary>Starts a host whose tables contain many keys, each with ten active sessions.</summary>
    public static async Task<AegisHost> Start(Plan plan, Workspace workspace)
    {
        var folder = workspace.NewFolder("crowd");
        string file;
        await using (var first = await AegisHost.Start(folder))
        {
            await first.CreateSession();
            file = first.DatabaseFile;
        }

        Bulk.Fill(file, connection =>
        {
            Bulk.Copy(connection, "auth_api_keys", plan.ManyKeys, new()
            {
                ["Id"] = "printf('key_%026d', n)",
                ["PublicId"] = "printf('%012d', n)",
                ["Name"] = "printf('crowd %d', n)",
            });
            Bulk.Copy(connection, "auth_sessions", plan.ManySessions, new()
            {
                ["Id"] = "printf('ses_%026d', n)",
                ["KeyId"] = $"printf('key_%026d', n % {plan.ManyKeys})",
                ["ExpiresAt"] = $"ExpiresAt + {TimeSpan.TicksPerDay}",
            });
        });
        return await AegisHost.Start(folder);
    }

    /// <summary>Sends the same request to both alternately. The host with few rows is the ceiling.</summary>
    public static async Task<Row> Compare(string id, Plan plan, (Server Server, byte[] Request) many, (Server Server, byte[] Request) few)
    {
        var (large, little) = await Comparison.Run(plan, many, few);
        var ratio = large.Percentile(0.99) / little.Percentile(0.99);
        return new Row(id, $"the same, with {plan.ManyKeys:N0} keys and {plan.ManySessions:N0} sessions",
            $"p99 {large.Percentile(0.99):0.0} ms, {large.PerSecond:N0}/s")
        {
            Ceiling = $"few: {little.Percentile(0.99):0.0} ms, {little.PerSecond:N0}/s, {little.CpuEach:0.000} ms CPU",
            Ratio = ratio,
            Target = $"≤ {MaxRatio}",
            Met = ratio <= MaxRatio,
            Latency = $"{large.Percentile(0.5):0.0} / {large.Percentile(0.99):0.0}",
            Cpu = $"{large.CpuEach:0.000} ms",
            Memory = Table.Megabytes(many.Server.Memory),
        };
    }
}

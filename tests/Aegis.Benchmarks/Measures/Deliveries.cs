namespace Aegis.Benchmarks.Measures;

/// <summary>P7: deliveries to fast receivers, signed, answered and recorded; and one working endpoint among a thousand dead ones.</summary>
internal static class Deliveries
{
    private const double MinPerSecond = 1000;
    private const double MaxRatio = 1.5;
    private const int Endpoints = 8;
    private const int Dead = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> Settings =
        new() { ["Webhooks__MostEndpoints"] = "5000", ["Logging__LogLevel__Default"] = "Error" };

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        report(await Throughput(plan, workspace));
        report(await Isolation(plan, workspace));
    }

    /// <summary>A backlog that exists when the host starts. Its first fifth warms up the host.</summary>
    private static async Task<Row> Throughput(Plan plan, Workspace workspace)
    {
        var count = plan.IsQuick ? 4_000 : 40_000;
        var receivers = Enumerable.Range(0, Endpoints).Select(_ => FastReceiver.Start()).ToList();
        var folder = workspace.NewFolder("deliveries");
        string file;
        var ids = new List<string>();
        await using (var first = await AegisHost.Start(folder, settings: Settings))
        {
            file = first.DatabaseFile;
            foreach (var receiver in receivers)
                ids.Add(await Register(first, await first.ConsumerToken(), receiver.Url, "request.created"));
            await Until(() => Count(file, "webhooks_endpoints", "Status = 'Enabled'") == Endpoints);
            await first.Ask();
            await Until(() => Count(file, "webhooks_deliveries", "Status = 'Delivered' AND Type = 'request.created'") == Endpoints);
        }

        var before = receivers.Sum(r => r.Count);
        Bulk.Fill(file, connection =>
        {
            Bulk.Copy(connection, "webhooks_deliveries", count,
                Waiting($"CASE n % {Endpoints} {string.Concat(ids.Select((id, i) => $"WHEN {i} THEN '{id}' "))}END"),
                "WHERE Type = 'request.created'");
            Bulk.Run(connection, "UPDATE webhooks_lanes SET LeaseUntil = NULL");
        });
        await using var host = await AegisHost.Start(folder, settings: Settings);
        var begun = (At: Stopwatch.GetTimestamp(), host.Server.Cpu, Done: 0L);
        while (receivers.Sum(r => r.Count) - before < count / 5) await Task.Delay(1);
        begun = (Stopwatch.GetTimestamp(), host.Server.Cpu, receivers.Sum(r => r.Count));
        await Until(() => Count(file, "webhooks_deliveries", "Status = 'Delivered' AND Id LIKE 'dlv_0000%'") == count);
        var (took, cpu) = (Stopwatch.GetElapsedTime(begun.At), host.Server.Cpu - begun.Cpu);
        var done = receivers.Sum(r => r.Count) - begun.Done;
        foreach (var receiver in receivers) await receiver.DisposeAsync();
        return new Row("P7", $"deliveries to {Endpoints} fast endpoints, recorded", $"{done / took.TotalSeconds:N0}/s")
        {
            Target = $"≥ {MinPerSecond:N0}/s",
            Met = done / took.TotalSeconds >= MinPerSecond,
            Cpu = $"{cpu.TotalMilliseconds / done:0.000} ms",
            Memory = Table.Megabytes(host.Server.Memory),
        };
    }

    /// <summary>
    /// Raises the same event alternately on a host with one endpoint, and on a host where a thousand other endpoints hang or refuse and
    /// have due deliveries.
    /// </summary>
    private static async Task<Row> Isolation(Plan plan, Workspace workspace)
    {
        var events = plan.IsQuick ? 50 : 400;
        await using var hanging = FastReceiver.Start(answers: false);
        await using var live = FastReceiver.Start();
        await using var lonely = FastReceiver.Start();
        await using var alone = await WithLive(workspace.NewFolder("alone"), lonely, dead: 0, hanging);
        await using var crowded = await WithLive(workspace.NewFolder("crowded"), live, Dead, hanging);
        var (few, many) = (new List<double>(), new List<double>());
        await Task.Delay(TimeSpan.FromSeconds(plan.IsQuick ? 5 : 40)); // until the first attempts to all dead endpoints have ended
        for (var i = 0; i < events; i++)
        {
            few.Add(await Arrival(alone, lonely));
            many.Add(await Arrival(crowded, live));
        }

        few.RemoveRange(0, events / 5);
        many.RemoveRange(0, events / 5);
        var (one, other) = (Percentile(many, 0.99), Percentile(few, 0.99));
        return new Row("P7", $"from the call to the receiver, with {Dead:N0} dead endpoints", $"p99 {one:0.0} ms")
        {
            Ceiling = $"alone: {other:0.0} ms",
            Ratio = one / other,
            Target = $"≤ {MaxRatio}",
            Met = one / other <= MaxRatio,
            Latency = $"{Percentile(many, 0.5):0.0} / {one:0.0}",
            Memory = Table.Megabytes(crowded.Server.Memory),
        };
    }

    private static async Task<AegisHost> WithLive(string folder, FastReceiver live, int dead, FastReceiver hanging)
    {
        string file;
        await using (var first = await AegisHost.Start(folder, settings: Settings))
        {
            file = first.DatabaseFile;
            await Register(first, await first.ConsumerToken(), live.Url, "request.created");
            await Until(() => Count(file, "webhooks_endpoints", "Status = 'Enabled'") == 1);
            for (var i = 0; i < dead; i++)
                await Register(first, await first.AdminToken(), i % 2 == 0 ? $"{hanging.Url}{i}" : $"http://127.0.0.1:1/{i}",
                    "webhook.failing");
        }

        Bulk.Fill(file, connection =>
        {
            if (dead > 0)
            {
                Bulk.Run(connection, "UPDATE webhooks_endpoints SET Status = 'Enabled' WHERE OrganizationId = 'org_platform'");
                Bulk.Run(
                    connection,
                    "CREATE TEMP TABLE dead AS SELECT row_number() OVER (ORDER BY Id) - 1 AS place, Id AS endpoint FROM webhooks_endpoints "
                        + "WHERE OrganizationId = 'org_platform'");
                Bulk.Run(connection, "CREATE UNIQUE INDEX temp.places ON dead (place)");
                Bulk.Copy(connection, "webhooks_deliveries", dead * 20, Waiting($"(SELECT endpoint FROM dead WHERE place = n % {dead})"),
                    "WHERE OrganizationId = 'org_platform'");
            }

            Bulk.Run(connection, "UPDATE webhooks_lanes SET LeaseUntil = NULL");
        });
        return await AegisHost.Start(folder, settings: Settings);
    }

    private static Dictionary<string, string> Waiting(string endpoint) => new()
    {
        ["Id"] = "printf('dlv_0000%022d', n)",
        ["EventId"] = "printf('evt_0000%022d', n)",
        ["EndpointId"] = endpoint,
        ["Type"] = "CASE Type WHEN 'webhook.ping' THEN 'webhook.test' ELSE Type END",
        ["Status"] = "'Waiting'",
        ["Attempts"] = "0",
        ["Step"] = "0",
        ["FinishedAt"] = "NULL",
        ["LastStatus"] = "NULL",
        ["LastError"] = "NULL",
    };

    private static async Task<string> Register(AegisHost host, string token, string url, string events) =>
        (await host.Call(Requests.Post("/v1/webhooks", token, $$"""{"url":"{{url}}","events":["{{events}}"]}"""))).GetProperty("id")
            .GetString()!;

    private static async Task<double> Arrival(AegisHost host, FastReceiver receiver)
    {
        var (before, begun) = (receiver.Count, Stopwatch.GetTimestamp());
        await host.Ask();
        while (receiver.Count == before) await Task.Delay(1);
        return Stopwatch.GetElapsedTime(begun, receiver.Arrivals[^1]).TotalMilliseconds;
    }

    private static double Percentile(List<double> all, double part) =>
        all.Order().ElementAt(Math.Min(all.Count - 1, (int)(all.Count * part)));

    private static long Count(string file, string table, string where)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
        connection.Open();
        return (long)Bulk.Scalar(connection, $"SELECT COUNT(*) FROM {table} WHERE {where}")!;
    }

    private static async Task Until(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience) throw new TimeoutException("The expected state was not reached in time.");
            await Task.Delay(50);
        }
    }
}

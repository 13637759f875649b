using System.IO.Compression;

namespace Aegis.Benchmarks.Measures;

/// <summary>P4: a whole study in one request, in the formats that senders use.</summary>
internal static class Ingest
{
    private const double Megabyte = 1e6;
    private const double MinMegabytes = 100;
    private const double MinInstances = 500;
    private const long MaxMemory = 64 << 20;
    private const int HeaderOnly = 5_000;
    private const int MaxInstances = 10_000;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await Instances.Measure(await CtStudy.Make(HeaderOnly, hasPixels: false), report);
        var study = await CtStudy.Make(plan.Instances);
        var files = workspace.NewFolder("uploads");
        var (stored, deflated) = (Path.Combine(files, "stored.zip"), Path.Combine(files, "deflated.zip"));
        study.WriteZip(stored, CompressionLevel.NoCompression);
        (await CtStudy.Make(plan.Instances / 5)).WriteZip(deflated, CompressionLevel.Optimal);

        await Speed(plan, workspace, study, stored, deflated, report);
        await Memory(plan, workspace, report);
    }

    private static async Task Speed(Plan plan, Workspace workspace, CtStudy study, string stored, string deflated, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("ingest"));
        await using var ceiling = await CeilingApp.Start(workspace.NewFolder("ceiling"));
        await using var orthanc = await Installed.Orthanc(workspace);
        var headers = await CtStudy.Make(HeaderOnly, hasPixels: false);
        var (multipart, zip, unzip, bare, only, other) =
            (new Speeds(), new Speeds(), new Speeds(), new Speeds(), new Speeds(), new Speeds());
        await Fulfil(host, Body.Multipart(await CtStudy.Make(20)), 1, new Speeds()); // warms up the host
        for (var round = 0; round < plan.Rounds; round++)
        {
            await Fulfil(host, Body.Multipart(study), study.Bytes, multipart);
            bare.Add(await Sending.Send(ceiling, "/take", null, Body.Multipart(study)), study.Bytes);
            await Fulfil(host, Body.Zip(stored), study.Bytes, zip);
            await Fulfil(host, Body.Zip(deflated), study.Bytes / 5, unzip);
            await Fulfil(host, Body.Multipart(headers), HeaderOnly, only);
        }

        if (orthanc is not null) other.Add(await Sending.Send(orthanc, "/instances", null, Body.Zip(stored)), study.Bytes);

        report(Row(study, "multipart", multipart, bare));
        report(Row(study, "zip, stored", zip, bare));
        report(new Row("P4", $"fulfil {study.Bytes / 5 / Megabyte:N0} MB, zip, deflated",
            $"{unzip.PerSecond / Megabyte:N0} MB/s unpacked")
        { Cpu = unzip.PerMegabyte });
        report(new Row("P4", $"fulfil {HeaderOnly:N0} header-only instances", $"{only.PerSecond:N0} instances/s")
        {
            Target = $"≥ {MinInstances}/s",
            Met = only.PerSecond >= MinInstances,
            Cpu = $"{only.CpuEach:0.000} ms/instance",
        });
        report(new Row("P4", "Orthanc: the same study, zip, neither encrypted nor de-identified",
            orthanc is null ? Installed.Missing : $"{other.PerSecond / Megabyte:N0} MB/s")
        {
            Cpu = orthanc is null ? "" : other.PerMegabyte,
            Memory = orthanc is null ? "" : Table.Megabytes(orthanc.Memory),
        });
    }

    private static async Task Memory(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("memory"));
        await Fulfil(host, Body.Multipart(await CtStudy.Make(20)), 1, new Speeds());
        var idle = await host.Server.IdleMemory(TimeSpan.FromSeconds(3));
        foreach (var instances in (int[])[plan.Instances / 10, plan.Instances, .. plan.IsLarge ? [MaxInstances] : Array.Empty<int>()])
        {
            var study = await CtStudy.Make(instances);
            using var watching = new CancellationTokenSource();
            var peak = MemoryPeak.Watch(host.Server, watching.Token);
            await Fulfil(host, Body.Multipart(study), study.Bytes, new Speeds());
            await watching.CancelAsync();
            var above = await peak - idle;
            report(new Row("P4", $"memory while {study.Bytes / Megabyte:N0} MB come in", $"{Table.Megabytes(above)} above idle")
            {
                Target = $"≤ {Table.Megabytes(MaxMemory)}",
                Met = above <= MaxMemory,
                Memory = $"{Table.Megabytes(idle + above)}",
            });
        }
    }

    private static async Task Fulfil(AegisHost host, Body body, long units, Speeds into)
    {
        var sent = await host.Fulfil(body);
        into.Add(sent, units);
        await host.Destroy(sent.TransferId);
    }

    private static Row Row(CtStudy study, string form, Speeds seen, Speeds best) =>
        new("P4", $"fulfil {study.Bytes / Megabyte:N0} MB, {form}", $"{seen.PerSecond / Megabyte:N0} MB/s")
        {
            Ceiling = $"{best.PerSecond / Megabyte:N0} MB/s, {best.PerMegabyte}",
            Ratio = seen.PerSecond / best.PerSecond,
            Target = $"≥ {MinMegabytes} MB/s",
            Met = seen.PerSecond >= MinMegabytes * Megabyte,
            Cpu = seen.PerMegabyte,
        };

    /// <summary>Units per second in the best round, because other load on the machine is not part of the measurement.</summary>
    private sealed class Speeds
    {
        private readonly List<(double PerSecond, double Cpu)> rounds = [];

        public double PerSecond => rounds.Max(r => r.PerSecond);

        /// <summary>Milliseconds of processor time per unit.</summary>
        public double CpuEach => rounds.Min(r => r.Cpu);

        public string PerMegabyte => $"{CpuEach * Megabyte:0.0} ms/MB";

        public void Add(Sent sent, long units) =>
            rounds.Add((units / sent.Took.TotalSeconds, sent.Cpu.TotalMilliseconds / units));
    }
}

/// <summary>The peak of a process's resident memory while it is watched.</summary>
internal static class MemoryPeak
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task<long> Watch(Server server, CancellationToken ct) => Task.Run(async () =>
    {
        var max = server.Memory;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Interval, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            max = Math.Max(max, server.Memory);
        }

        return max;
    }, CancellationToken.None);
}

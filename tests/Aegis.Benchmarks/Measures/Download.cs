namespace Aegis.Benchmarks.Measures;

/// <summary>P5: the download of a study, compared with the same bytes sent as a file.</summary>
internal static class Download
{
    private const double Megabyte = 1e6;
    private const double Target = 0.9;
    private const double MaxFirstByte = 20;
    private const string Served = "study.zip";

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        await using var host = await AegisHost.Start(workspace.NewFolder("download"));
        var study = await CtStudy.Make(plan.Instances);
        var transfer = (await host.Fulfil(Body.Multipart(study))).TransferId;
        var path = await host.Open(transfer);
        var folder = workspace.NewFolder("files");
        var size = await Save(host.Server, path, Path.Combine(folder, Served));
        await using var ceiling = await CeilingApp.Start(folder);
        await using var nginx = await Installed.Nginx(folder, workspace);
        await using var orthanc = await Installed.Orthanc(workspace);
        var archive = orthanc is null ? null : await Load(orthanc, Path.Combine(folder, Served));

        var (seen, middle, best, web, other) = (new Fetches(), new Fetches(), new Fetches(), new Fetches(), new Fetches());
        var half = $"bytes={size / 3}-{size / 3 + size / 2 - 1}"; // starts and ends inside an instance
        for (var round = -1; round < 2 * plan.Rounds; round++)
        {
            if (round == 0) foreach (var warm in (Fetches[])[seen, middle, best, web]) warm.Clear();
            await seen.Add(host.Server, Requests.Get(path));
            await best.Add(ceiling, Requests.Get($"/files/{Served}"));
            await middle.Add(host.Server, Requests.Get(path, range: half));
            if (nginx is not null) await web.Add(nginx, Requests.Get($"/{Served}"));
        }

        if (orthanc is not null) await other.Add(orthanc, Requests.Get(archive!));

        report(new Row("P5", $"download {size / Megabyte:N0} MB", $"{seen.Speed / Megabyte:N0} MB/s")
        {
            Ceiling = $"SendFile {best.Speed / Megabyte:N0} MB/s, {best.CpuPerMegabyte}",
            Ratio = seen.Speed / best.Speed,
            Target = $"≥ {Target}",
            Met = seen.Speed >= Target * best.Speed,
            Cpu = seen.CpuPerMegabyte,
            Memory = Table.Megabytes(host.Server.Memory),
        });
        report(new Row("P5", "the same, compared with nginx", nginx is null ? Installed.Missing : $"{seen.Speed / Megabyte:N0} MB/s")
        {
            Ceiling = nginx is null ? "" : $"nginx {web.Speed / Megabyte:N0} MB/s, {web.CpuPerMegabyte}",
            Ratio = nginx is null ? null : seen.Speed / web.Speed,
        });
        report(new Row("P5", "first byte of the download", $"{seen.FirstByte(0.5):0.0} ms")
        {
            Ceiling = $"SendFile {best.FirstByte(0.5):0.0} ms",
            Target = $"< {MaxFirstByte} ms",
            Met = seen.FirstByte(0.5) < MaxFirstByte,
            Latency = $"{seen.FirstByte(0.5):0.0} / {seen.FirstByte(0.99):0.0}",
        });
        report(new Row("P5", "half of it, from its middle", $"{middle.Speed / Megabyte:N0} MB/s")
        {
            Ceiling = $"whole {seen.Speed / Megabyte:N0} MB/s",
            Ratio = middle.Speed / seen.Speed,
            Target = $"≥ {Target}",
            Met = middle.Speed >= Target * seen.Speed,
            Cpu = middle.CpuPerMegabyte,
        });
        report(new Row("P5", "Orthanc: the same study as a zip, compressed by default",
            orthanc is null ? Installed.Missing : $"{other.Speed / Megabyte:N0} MB/s on the wire")
        {
            Cpu = orthanc is null ? "" : other.CpuPerMegabyte,
        });
    }

    private static async Task<long> Save(Server server, string path, string file)
    {
        await using var kept = File.Create(file);
        using var connection = await Connection.Open(server.Port);
        return (await connection.Send(Requests.Get(path), kept)).Bytes;
    }

    /// <summary>Stores the study in Orthanc and returns the path of its zip.</summary>
    private static async Task<string> Load(Server orthanc, string zip)
    {
        var stored = await Sending.Send(orthanc, "/instances", null, Body.Zip(zip));
        return $"/studies/{stored.Answer[0].GetProperty("ParentStudy").GetString()}/archive";
    }

    /// <summary>The downloads of one file.</summary>
    private sealed class Fetches
    {
        private readonly List<(double Speed, double FirstByte, double Cpu)> seen = [];

        /// <summary>Median speed of all rounds in bytes per second.</summary>
        public double Speed => seen.Select(s => s.Speed).Order().ElementAt(seen.Count / 2);

        public string CpuPerMegabyte => $"{seen.Select(s => s.Cpu).Order().ElementAt(seen.Count / 2):0.00} ms/MB";

        /// <summary>Time to the first byte in milliseconds. <paramref name="part"/> is the percentile, between 0 and 1.</summary>
        public double FirstByte(double part) =>
            seen.Select(s => s.FirstByte).Order().ElementAt(Math.Min(seen.Count - 1, (int)(seen.Count * part)));

        public void Clear() => seen.Clear();

        public async Task Add(Server server, byte[] request)
        {
            using var connection = await Connection.Open(server.Port);
            var before = server.Cpu;
            var start = Stopwatch.GetTimestamp();
            var answer = await connection.Send(request);
            if (answer.Status is not (200 or 206)) throw new InvalidOperationException($"The download was answered {answer.Status}.");
            var took = Stopwatch.GetElapsedTime(start);
            seen.Add((
                answer.Bytes / took.TotalSeconds,
                Stopwatch.GetElapsedTime(start, answer.FirstByteAt).TotalMilliseconds,
                (server.Cpu - before).TotalMilliseconds / (answer.Bytes / Megabyte)));
        }
    }
}

using System.Runtime.InteropServices;

namespace Aegis.Benchmarks.Measures;

/// <summary>P9: time until the host is ready, and its memory then.</summary>
internal static class Start
{
    private const double MaxSeconds = 1.5;
    private const long MaxMemory = 150 << 20;

    public static async Task Measure(Plan plan, Workspace workspace, Action<Row> report)
    {
        var folder = workspace.NewFolder("start");
        await using (var first = await AegisHost.Start(folder)) await first.Ask();

        await Of(plan, folder, "as built", null, report);
        if (await Publish(workspace.NewFolder("published")) is { } published) await Of(plan, folder, "as published", published, report);
    }

    private static async Task Of(Plan plan, string folder, string form, string? programs, Action<Row> report)
    {
        var (seconds, memory, cpu) = (new List<double>(), new List<long>(), new List<double>());
        for (var round = 0; round < plan.Rounds + 1; round++)
        {
            var watch = Stopwatch.StartNew();
            await using var host = await AegisHost.Start(folder, programs);
            seconds.Add(watch.Elapsed.TotalSeconds);
            cpu.Add(host.Server.Cpu.TotalSeconds);
            memory.Add(await host.Server.IdleMemory(TimeSpan.FromSeconds(3)));
        }

        report(new Row("P9", $"start on an existing database, {form}", $"{Median(seconds):0.00} s to ready")
        {
            Target = $"≤ {MaxSeconds} s",
            Met = Median(seconds) <= MaxSeconds,
            Latency = $"{Median(seconds) * 1000:0} / {seconds.Max() * 1000:0}",
            Cpu = $"{Median(cpu):0.00} s",
        });
        report(new Row("P9", $"idle after the start, {form}", Table.Megabytes(Median(memory)))
        {
            Target = $"≤ {Table.Megabytes(MaxMemory)}",
            Met = Median(memory) <= MaxMemory,
            Memory = Table.Megabytes(Median(memory)),
        });
    }

    /// <summary>Publishes the host like the Dockerfile; null if the ReadyToRun compiler is not available.</summary>
    private static async Task<string?> Publish(string folder)
    {
        string[] arguments = ["publish", "src/Aegis.Host", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained",
            "false", "-o", folder, "-v", "q"];
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Workspace.Solution, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return folder;
        Console.Error.WriteLine(output);
        return null;
    }

    private static T Median<T>(List<T> values) => values.Order().ElementAt(values.Count / 2);
}

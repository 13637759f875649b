using Aegis.Tests.Processes;
using Aegis.Tests.Processes.Faults;

namespace Aegis.Faults;

/// <summary>
/// Fault campaigns against real hosts. docs/reliability.md has their results. The exit code is 1 if a guarantee was violated.
/// </summary>
internal static class Faults
{
    private const string Usage =
        "kills [--count 200] | takeover [--count 50] | disk-full | vault-disk-full | fsync | locked [--seconds 45] [--hosts 2]";

    private static readonly TimeSpan FaultDuration = TimeSpan.FromSeconds(15);

    private static async Task<int> Main(string[] arguments)
    {
        var violations = arguments.FirstOrDefault() switch
        {
            "kills" => await Kills(Number(arguments, "--count", 200)),
            "takeover" => await Takeovers(Number(arguments, "--count", 50)),
            "disk-full" => await FullDiskUnderLoad(),
            "vault-disk-full" => await VaultOnFullDisk.Run(),
            "fsync" => await Report(FaultCampaign.Run(HostProcess.NewDataDirectory(), 1, FaultDuration, FailingSync.Attach)),
            "locked" => await Locked(Number(arguments, "--seconds", 45), Number(arguments, "--hosts", 2)),
            _ => [Usage],
        };
        foreach (var violation in violations) Console.WriteLine($"VIOLATION {violation}");
        Console.WriteLine(violations.Count == 0 ? "held" : $"{violations.Count} violations");
        return violations.Count == 0 ? 0 : 1;
    }

    private static async Task<IReadOnlyCollection<string>> Kills(int count)
    {
        var figures = await KillCampaign.Run(count, max: 40, Console.WriteLine);
        Console.WriteLine(
            $"{figures.Kills} kills, {figures.Items} requests, {figures.Answers} acknowledged writes, slowest start "
                + $"{figures.SlowestStart.TotalSeconds:0.0} s");
        return figures.Violations;
    }

    private static async Task<IReadOnlyCollection<string>> Takeovers(int count)
    {
        var figures = await TakeoverCampaign.Run(count, TakeoverCampaign.Promise, Console.WriteLine);
        Console.WriteLine(
            $"{figures.Kills} kills, {figures.Acknowledged} acknowledged writes, slowest takeover {figures.Slowest.TotalSeconds:0.0} s; "
                + $"{figures.Verdict}");
        return figures.Violations;
    }

    private static async Task<IReadOnlyCollection<string>> FullDiskUnderLoad()
    {
        var folder = HostProcess.NewDataDirectory();
        FullDisk.Mount(folder);
        try
        {
            return await Report(FaultCampaign.Run(folder, 1, FaultDuration, _ => FullDisk.Fill(folder)));
        }
        finally
        {
            FullDisk.Unmount(folder);
        }
    }

    private static Task<IReadOnlyCollection<string>> Locked(int seconds, int hosts)
    {
        var folder = HostProcess.NewDataDirectory();
        return Report(FaultCampaign.Run(folder, hosts, TimeSpan.FromSeconds(seconds), _ => ForeignLock.Take(folder)));
    }

    private static async Task<IReadOnlyCollection<string>> Report(Task<FaultFigures> running)
    {
        var figures = await running;
        Console.WriteLine(figures);
        return figures.Violations;
    }

    private static int Number(string[] arguments, string name, int fallback)
    {
        var at = Array.IndexOf(arguments, name);
        return at < 0 ? fallback : int.Parse(arguments[at + 1], System.Globalization.CultureInfo.InvariantCulture);
    }
}

using System.Diagnostics;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Results of a kill campaign.</summary>
internal sealed record KillFigures(int Kills, int Items, int Answers, TimeSpan SlowestStart, IReadOnlyCollection<string> Violations);

/// <summary>
/// Kills a host with kill -9 repeatedly under mixed load, and after each restart compares its state with the answers that clients received.
/// </summary>
internal static class KillCampaign
{
    private const int Clients = 6;
    private static readonly TimeSpan MaxLife = TimeSpan.FromSeconds(20);

    /// <summary>Settings without rate limits, because many clients call from one address.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["RateLimits__PerKey"] = "1000000",
        ["RateLimits__Burst"] = "1000000",
        ["RateLimits__PerAddress"] = "1000000",
        ["RateLimits__PerTicket"] = "1000000",
        ["Logging__LogLevel__Default"] = "Error",
    };

    /// <param name="kills">Number of kills.</param>
    /// <param name="max">
    /// Maximum number of acknowledged writes between two kills. The number is random, so the kills hit every stage of the calls.
    /// </param>
    /// <param name="tell">Receives a line for each kill.</param>
    public static async Task<KillFigures> Run(int kills, int max, Action<string> tell)
    {
        var (folder, ledger, random) = (HostProcess.NewDataDirectory(), new Ledger(), new Seeded((ulong)kills));
        var store = new StoreAudit(folder, ledger);
        var (slowest, audited) = (TimeSpan.Zero, 0);
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var host = await Start(folder, t => slowest = t > slowest ? t : slowest);
            await new LedgerAudit(host, ledger).Check(ledger.Items.Skip(audited));
            audited = ledger.Items.Count;
            await store.Check();
            var load = new MixedLoad(host, ledger).Run(Clients, kill, CancellationToken.None);
            await Life(ledger, ledger.Answers + 1 + random.Below(max));
            await host.Kill();
            await load;
            tell($"kill {kill}: {ledger.Items.Count} requests, {ledger.Answers} acknowledged writes, {ledger.Violations.Count} violations");
        }

        await using var last = await Start(folder, t => slowest = t > slowest ? t : slowest);
        foreach (var item in ledger.Items) item.Compared = false;
        // checks everything again: later kills must not have lost what survived earlier ones
        await new LedgerAudit(last, ledger).Check(ledger.Items);
        await store.CheckSettled();
        return new KillFigures(kills, ledger.Items.Count, ledger.Answers, slowest, ledger.Violations);
    }

    private static async Task Life(Ledger ledger, int until)
    {
        var watch = Stopwatch.StartNew();
        while (ledger.Answers < until && watch.Elapsed < MaxLife) await Task.Delay(1);
    }

    private static async Task<HostProcess> Start(string folder, Action<TimeSpan> took)
    {
        var watch = Stopwatch.StartNew();
        var host = await HostProcess.Start(folder, Settings);
        took(watch.Elapsed);
        return host;
    }
}

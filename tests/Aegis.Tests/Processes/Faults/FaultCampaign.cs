using System.Diagnostics;

namespace Aegis.Tests.Processes.Faults;

/// <summary>The effect of a fault on the clients of a host that keeps running.</summary>
internal sealed record FaultFigures(
    int Items, int AnswersBefore, int AnswersDuring, int AnswersAfter, IReadOnlyDictionary<string, int> Refusals, TimeSpan FirstAnswerAfter,
    TimeSpan LastRefusalAfter,
    IReadOnlyCollection<string> Violations)
{
    public override string ToString() =>
        $"{Items} requests; acknowledged writes before, during, after the fault: {AnswersBefore}, {AnswersDuring}, {AnswersAfter}; "
            + "refused with "
        + (Refusals.Count == 0 ? "nothing" : string.Join(", ", Refusals.Select(r => $"{r.Value} {r.Key}")))
        + $"; first acknowledged write {FirstAnswerAfter.TotalSeconds:0.0} s, last refusal {LastRefusalAfter.TotalSeconds:0.0} s after "
        + "its end";
}

/// <summary>
/// Runs mixed load with a temporary fault and no restart, then checks everything against the ledger. <see cref="MixedLoad"/> calls the host
/// and records every answer in the <see cref="Ledger"/>. <see cref="LedgerAudit"/> compares the host with the ledger over HTTP, and <see
/// cref="StoreAudit"/> checks the database and the files. <see cref="KillCampaign"/>, <see cref="TakeoverCampaign"/> and <see
/// cref="WebhookKills"/> kill hosts instead. Every broken guarantee becomes a line in the list of violations.
/// </summary>
internal static class FaultCampaign
{
    private const int Clients = 4;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60), Patience = TimeSpan.FromSeconds(90),
        Calm = TimeSpan.FromSeconds(10);

    /// <param name="folder">The data directory.</param>
    /// <param name="hosts">Number of hosts that share the directory.</param>
    /// <param name="lasts">Duration of the fault.</param>
    /// <param name="inject">Starts the fault. Disposing the result ends it.</param>
    public static async Task<FaultFigures> Run(
        string folder, int hosts, TimeSpan lasts, Func<IReadOnlyList<HostProcess>, Task<IAsyncDisposable>> inject)
    {
        var (ledger, running) = (new Ledger(), new List<HostProcess>());
        using var over = new CancellationTokenSource();
        try
        {
            for (var i = 0; i < hosts; i++) running.Add(await HostProcess.Start(folder, KillCampaign.Settings));
            var load = Task.WhenAll(running.Select((h, i) => new MixedLoad(h, ledger, excused: true).Run(Clients, i + 1, over.Token)));
            await Until(() => ledger.Answers > 20 * hosts, WarmUp);
            var before = ledger.Answers;
            var fault = await inject(running);
            await Task.Delay(lasts);
            await fault.DisposeAsync();
            var (ended, during) = (TimeProvider.System.GetUtcNow(), ledger.Answers);
            // calls already running may have been decided during the fault
            await Until(() => ledger.Answers > during + Clients * hosts, Patience);
            var first = TimeProvider.System.GetUtcNow() - ended;
            await Task.Delay(Calm);
            await over.CancelAsync();
            await load;
            if (ledger.Answers <= during + Clients * hosts) ledger.Violate(null, "nothing was written after the fault");
            foreach (var host in running)
                await new LedgerAudit(host, ledger).Check(ledger.Items.Where((_, i) => i % hosts == running.IndexOf(host)));
            await new StoreAudit(folder, ledger).CheckSettled();
            var last = ledger.Refusals.IsEmpty ? TimeSpan.Zero : ledger.Refusals.Max(r => r.At) - ended;
            return new FaultFigures(
                ledger.Items.Count, before, during - before, ledger.Answers - during,
                ledger.Refusals.GroupBy(r => r.Code).ToDictionary(g => g.Key, g => g.Count()), first,
                last > TimeSpan.Zero ? last : TimeSpan.Zero, ledger.Violations);
        }
        finally
        {
            await over.CancelAsync();
            foreach (var host in running) await host.DisposeAsync();
        }
    }

    private static async Task Until(Func<bool> condition, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < patience) await Task.Delay(20);
    }
}

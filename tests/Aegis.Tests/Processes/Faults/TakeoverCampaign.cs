using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Results of a takeover campaign.</summary>
internal sealed record TakeoverFigures(
    int Kills, int Acknowledged, TimeSpan Slowest, string Verdict, IReadOnlyCollection<string> Violations);

/// <summary>
/// Runs two hosts on one database and repeatedly kills, with kill -9, the one that sequences the audit log while both are called. The other
/// host must take over the log within five seconds, with no entry lost or duplicated.
/// </summary>
internal static partial class TakeoverCampaign
{
    private const int Clients = 4;
    /// <summary>The limit promised in docs/operations.md.</summary>
    public static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<TakeoverFigures> Run(int kills, TimeSpan promise, Action<string> tell)
    {
        var (folder, violations, acknowledged, slowest) =
            (HostProcess.NewDataDirectory(), new List<string>(), new ConcurrentQueue<string>(), TimeSpan.Zero);
        var settings = new Dictionary<string, string>(KillCampaign.Settings) { ["Logging__LogLevel__Aegis.Audit"] = "Information" };
        HostProcess[] hosts = [await HostProcess.Start(folder, settings), await HostProcess.Start(folder, settings)];
        for (var kill = 1; kill <= kills; kill++)
        {
            using var enough = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Ask(hosts[i % 2], acknowledged, enough.Token)));
            await Task.Delay(TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(kill * 137 % 1_000));
            var dying = LastEpoch(hosts[0]) > LastEpoch(hosts[1]) ? 0 : 1;
            await hosts[dying].Kill();
            var next = await Next(folder);
            var watch = Stopwatch.StartNew();
            while (await Next(folder) == next && watch.Elapsed < Patience) await Task.Delay(20);

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            if (watch.Elapsed > promise) violations.Add($"kill {kill}: the log stood still for {watch.Elapsed.TotalSeconds:0.0} s");
            tell($"kill {kill}: {watch.Elapsed.TotalSeconds:0.0} s, {acknowledged.Count} acknowledged writes");
            await enough.CancelAsync();
            await load;
            await hosts[dying].DisposeAsync();
            hosts[dying] = await HostProcess.Start(folder, settings);
        }

        violations.AddRange(await Missing(hosts[0], acknowledged));
        foreach (var host in hosts) await host.DisposeAsync();
        var (exitCode, verdict) = await HostProcess.Run(folder, "audit", "verify");
        if (exitCode != 0) violations.Add(verdict.Trim());
        return new TakeoverFigures(kills, acknowledged.Count, slowest, verdict.Trim(), violations);
    }

    private static async Task Ask(HostProcess host, ConcurrentQueue<string> acknowledged, CancellationToken ct)
    {
        var client = host.As("consumer");
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var answer = await client.Post("/v1/requests", Asking.JaneDoe);
                if (answer.Status == HttpStatusCode.Created) acknowledged.Enqueue(answer.Id);
            }
            catch (HttpRequestException)
            {
                return; // this host was killed
            }
        }
    }

    /// <summary>Each acknowledged change must have exactly one entry.</summary>
    private static async Task<List<string>> Missing(HostProcess host, IEnumerable<string> acknowledged)
    {
        var client = host.As("consumer");
        var wrong = new List<string>();
        foreach (var id in acknowledged)
        {
            var found = (await client.Get($"/v1/audit?object={id}&action=request.created")).ShouldBe(HttpStatusCode.OK).Json.GetProperty(
                "items").GetArrayLength();
            if (found != 1) wrong.Add($"{id} has {found} entries");
        }

        return wrong;
    }

    private static long LastEpoch(HostProcess host) =>
        Taken().Matches(host.Output).Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();

    private static async Task<long> Next(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "aegis.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Next FROM audit_head";
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"This host sequences the audit log from [0-9,]+ on \(epoch ([0-9]+)\)")]
    private static partial Regex Taken();
}

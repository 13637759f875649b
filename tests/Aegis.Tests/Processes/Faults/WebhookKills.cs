using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Results of a kill campaign with webhooks.</summary>
internal sealed record WebhookKillFigures(
    int Kills, int Events, int Requests, int Repeated, TimeSpan SlowestStart, TimeSpan Settled, IReadOnlyCollection<string> Violations)
{
    public override string ToString() =>
        $"{Kills} kills, {Events} acknowledged events, {Requests} requests at the receiver, {Repeated} events came again after a kill, "
            + $"slowest start {SlowestStart.TotalSeconds:0.0} s, all arrived {Settled.TotalSeconds:0.0} s after the last start";
}

/// <summary>
/// Kills a host with kill -9 repeatedly while events happen and are delivered. Every acknowledged event must reach the receiver, always
/// with the same id and body. An event recorded as delivered must not come again after a kill, and no event may come twice from one
/// process.
/// </summary>
internal sealed class WebhookKills : IAsyncDisposable
{
    private const int Clients = 6;
    private static readonly TimeSpan MaxLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxSettling = TimeSpan.FromMinutes(3);

    private readonly string folder = HostProcess.NewDataDirectory();
    private readonly Seeded random;
    private readonly ConcurrentQueue<Arrival> arrivals = [];
    private readonly ConcurrentDictionary<string, byte> acknowledged = new();
    private readonly HashSet<string> recorded = [];
    private readonly List<string> violations = [];
    private Receiver receiver = null!; // set by Kill
    private volatile int life;

    private WebhookKills(int seed) => random = new Seeded((ulong)seed);

    private static Dictionary<string, string> Settings => new(KillCampaign.Settings) { ["Webhooks__LeaseSeconds"] = "1" };

    public static async Task<WebhookKillFigures> Run(int kills, int events, Action<string> tell)
    {
        await using var campaign = new WebhookKills(kills);
        return await campaign.Kill(kills, events, tell);
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    private async Task<WebhookKillFigures> Kill(int kills, int events, Action<string> tell)
    {
        receiver = await Receiver.Start((_, heard) =>
        {
            arrivals.Enqueue(new Arrival(heard.Headers["webhook-id"], Receiver.ObjectOf(heard), heard.Body, life));
            return Task.CompletedTask;
        });
        var slowest = TimeSpan.Zero;
        for (life = 1; life <= kills; life++)
        {
            await using var host = await Start(t => slowest = t > slowest ? t : slowest);
            if (life == 1) await Register(host);
            await Live(host, events * life / kills);
            await host.Kill();
            await Check();
            if (life % 10 == 0) tell($"kill {life}: {acknowledged.Count} events, {arrivals.Count} requests, {violations.Count} violations");
        }

        await using var last = await Start(t => slowest = t > slowest ? t : slowest);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < MaxSettling && Missing().Count > 0) await Task.Delay(100);
        var settled = watch.Elapsed;
        await Task.Delay(2000); // longer than a lease and a poll: nothing may come again now
        await last.Kill();
        await Check();
        foreach (var id in Missing()) violations.Add($"{id} never arrived");
        foreach (var one in arrivals.GroupBy(a => a.ObjectId).Where(g => g.Select(a => (a.EventId, a.Body)).Distinct().Count() > 1))
            violations.Add($"{one.Key} came with different ids or bodies");
        foreach (var one in arrivals.GroupBy(a => a.EventId).Where(g => g.Select(a => a.ObjectId).Distinct().Count() > 1))
            violations.Add($"{one.Key} came for different objects");
        foreach (var one in arrivals.GroupBy(a => (a.EventId, a.Life)).Where(g => g.Count() > 1))
            violations.Add($"{one.Key} came {one.Count()} times in one life");
        return new WebhookKillFigures(
            kills, acknowledged.Count, arrivals.Count, arrivals.GroupBy(a => a.EventId).Count(g => g.Count() > 1), slowest, settled,
            violations);
    }

    private async Task<HostProcess> Start(Action<TimeSpan> took)
    {
        var watch = Stopwatch.StartNew();
        var host = await HostProcess.Start(folder, Settings);
        took(watch.Elapsed);
        return host;
    }

    private async Task Register(HostProcess host)
    {
        var consumer = host.As("consumer");
        var id = (await consumer.Post("/v1/webhooks", new { url = receiver.Url, events = new[] { "request.created" } })).ShouldBe(
            HttpStatusCode.Created).Id;
        await WebhooksApp.Eventually(async () => (await consumer.Get($"/v1/webhooks/{id}"))["status"] == "enabled", 60);
    }

    /// <summary>Creates events until this many are acknowledged, then waits a random moment during which they are delivered.</summary>
    private async Task Live(HostProcess host, int until)
    {
        using var end = new CancellationTokenSource(MaxLife);
        var clients = Enumerable.Range(0, Clients).Select(_ => Ask(host.As("consumer"), until, end.Token)).ToList();
        try
        {
            await Task.WhenAll(clients);
        }
        catch (HttpRequestException gone)
        {
            throw new InvalidOperationException($"The host ended without a kill:\n{host.Output}", gone);
        }

        await Task.Delay(random.Below(60));
    }

    private async Task Ask(ApiClient client, int until, CancellationToken end)
    {
        while (acknowledged.Count < until && !end.IsCancellationRequested)
        {
            var answer = await client.Post(
                "/v1/requests",
                new
                {
                    providerId = "prov_123",
                    patient = new { lastName = "Doe", firstName = "Jane", dob = "03/05/1971" },
                    reason = "AI review"
                });
            if (answer.Status == HttpStatusCode.Created) acknowledged.TryAdd(answer.Id, 0);
        }
    }

    /// <summary>
    /// Compares the requests of the killed process with what was recorded before it started, then reads what is recorded now.
    /// </summary>
    private async Task Check()
    {
        var now = life;
        foreach (var arrival in arrivals.Where(a => a.Life == now && recorded.Contains(a.EventId)))
            violations.Add($"{arrival.EventId} came again although it was recorded as delivered");
        if (TestDatabase.IsSqlServer) return; // SQL Server: the file below does not exist
        await using var database = new SqliteConnection($"Data Source={Path.Combine(folder, "aegis.db")};Pooling=false");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT EventId FROM webhooks_deliveries WHERE Status = 'Delivered'";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) recorded.Add(reader.GetString(0));
    }

    private List<string> Missing()
    {
        var arrived = arrivals.Select(a => a.ObjectId).ToHashSet();
        return acknowledged.Keys.Where(id => !arrived.Contains(id)).ToList();
    }

    private sealed record Arrival(string EventId, string ObjectId, string Body, int Life);
}

using System.Globalization;
using System.Net;
using Aegis.Campaign.Revocation;
using Aegis.Tests.App;

// Revokes keys under load on three real hosts and counts the requests that are accepted afterwards. See docs/reliability.md.
// The program starts a Cluster and, for each round, a Hammer of clients that use a Victim key. It revokes the key and adds the calls to a
// Tally. In two parts one host is stopped, or loses its database (Unreachable), during the revocation. The exit code is 1 if a request
// that was sent after the response was accepted. A host that does not recover, or that answers otherwise than 503 without its database,
// ends the program with an exception.
// Usage: dotnet run -c Release --project tests/campaign/revocation -- [--rounds 500] [--stopped 25] [--unreachable 10]

var rounds = Number("--rounds", 500);
var stopped = Number("--stopped", 25);
var unreachable = Number("--unreachable", 10);

await using var cluster = await Cluster.Start();
var tallies = new List<Tally>();
await Part("under load", rounds, UnderLoad);
await Part("one host stopped", stopped, OneHostStopped);
if (Unreachable.IsPossible) await Part("one host without its database", unreachable, OneHostWithoutDatabase);
else Console.WriteLine("one host without its database: left out, strace is not installed");

return tallies.Sum(t => t.Violations) == 0 ? 0 : 1;

async Task Part(string name, int count, Func<int, Tally, Task> round)
{
    if (count == 0) return;
    var tally = new Tally(name);
    tallies.Add(tally);
    for (var i = 0; i < count; i++) await round(i, tally);
    Console.WriteLine(tally);
}

async Task UnderLoad(int round, Tally tally)
{
    var victim = await cluster.Victim(round);
    var hammer = Hammer.Start(cluster, victim);
    var (answered, took) = await cluster.Revoke(victim, round);
    await Task.Delay(100);
    await hammer.DisposeAsync();
    tally.Add(hammer.Calls, answered, took);
}

async Task OneHostStopped(int round, Tally tally)
{
    var victim = await cluster.Victim(round);
    var hammer = Hammer.Start(cluster, victim);
    var stoppedHost = (round + 1) % cluster.Hosts.Count;
    await cluster.StopBetweenWrites(stoppedHost);
    var (answered, took) = await cluster.Revoke(victim, round);

    // Sent to the stopped host after the response: they wait in its socket, and are the first requests it reads.
    using var connection = Cluster.Http(cluster.Hosts[stoppedHost]);
    var waiting = new[] { victim.Key, victim.Token }
        .SelectMany(credential => Enumerable.Range(0, Hammer.Clients / 2)
            .Select(_ => Hammer.Send(new ApiClient(connection, credential), stoppedHost))).ToList();
    await Task.Delay(200);
    await cluster.Hosts[stoppedHost].Continue();
    var sent = await Task.WhenAll(waiting);
    await Task.Delay(300);
    await hammer.DisposeAsync();
    tally.Add([.. sent, .. hammer.Calls], answered, took);
    await WaitUntilRecovered(stoppedHost, round);
}

async Task OneHostWithoutDatabase(int round, Tally tally)
{
    var victim = await cluster.Victim(round);
    var hammer = Hammer.Start(cluster, victim);
    var cut = (round + 1) % cluster.Hosts.Count;
    await using (await Unreachable.Begin(cluster.Hosts[cut].ProcessId, cluster.Database))
    {
        var (answered, took) = await cluster.Revoke(victim, round);
        await Task.Delay(500);
        await hammer.DisposeAsync();
        tally.Add(hammer.Calls, answered, took);
        foreach (var status in new[] { victim.Key, victim.Token }.Select(
            c => Hammer.Send(new ApiClient(Cluster.Http(cluster.Hosts[cut]), c), cut)))
            if ((await status).Status is not HttpStatusCode.ServiceUnavailable and var other)
                throw new InvalidOperationException($"Without its database the host answered {(int)other}:\n{cluster.Hosts[cut].Output}");
    }

    await WaitUntilRecovered(cut, round);
}

// Waits until the host accepts a valid key again.
async Task WaitUntilRecovered(int host, int round)
{
    for (var attempt = 0; ; attempt++)
    {
        if ((await cluster.Hosts[host].As("operator").Get("/v1/auth/session")).Status == HttpStatusCode.OK) return;
        if (attempt == 100) throw new InvalidOperationException($"Host {host} did not recover in round {round}.");
        await Task.Delay(100);
    }
}

int Number(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var at ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

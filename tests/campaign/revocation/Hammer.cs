using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Aegis.Tests.App;

namespace Aegis.Campaign.Revocation;

/// <summary>One request: the time it was sent, and the status of the response.</summary>
internal sealed record Call(int Host, long Sent, HttpStatusCode Status);

/// <summary>Twenty clients that call the hosts until they are stopped. Half of them use one key, half use a token of it.</summary>
internal sealed class Hammer : IAsyncDisposable
{
    public const int Clients = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stop = new();
    private readonly CountdownEvent working = new(Clients);
    private readonly ConcurrentQueue<Call> calls = new();
    private readonly List<HttpClient> connections = [];
    private readonly Task[] clients;

    private Hammer(Cluster cluster, Victim victim) =>
        clients = [.. Enumerable.Range(0, Clients).Select(i => Task.Run(() => Use(cluster, victim, i)))];

    public IReadOnlyCollection<Call> Calls => calls;

    /// <summary>Returns when each client was accepted once.</summary>
    public static Hammer Start(Cluster cluster, Victim victim)
    {
        var hammer = new Hammer(cluster, victim);
        if (!hammer.working.Wait(Patience)) throw new TimeoutException("Not every client was accepted before the key was revoked.");
        return hammer;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(clients);
        foreach (var connection in connections) connection.Dispose();
        stop.Dispose();
        working.Dispose();
    }

    private async Task Use(Cluster cluster, Victim victim, int number)
    {
        var host = number % cluster.Hosts.Count;
        var connection = Cluster.Http(cluster.Hosts[host]);
        lock (connections) connections.Add(connection);
        var client = new ApiClient(connection, number % 2 == 0 ? victim.Key : victim.Token);
        var wasAccepted = false;
        while (!stop.IsCancellationRequested)
        {
            var call = await Send(client, host);
            calls.Enqueue(call);
            if (wasAccepted || call.Status != HttpStatusCode.OK) continue;
            wasAccepted = true;
            working.Signal();
        }
    }

    public static async Task<Call> Send(ApiClient client, int host)
    {
        var sent = Stopwatch.GetTimestamp();
        return new Call(host, sent, (await client.Get("/v1/auth/session")).Status);
    }
}

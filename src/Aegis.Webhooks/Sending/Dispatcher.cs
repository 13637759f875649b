using System.Collections.Concurrent;
using Aegis.Kernel.Work;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Gives each endpoint with something due a lane of its own, at once when this host has queued it, else within a second. Lanes know nothing
/// of each other: an endpoint that hangs holds up nobody.
/// </summary>
internal sealed class Dispatcher(
    EndpointLeases leases, EndpointSenderTools tools, OutboundPolicy policy, OutboundConnections connections, WebhooksOptions options,
    TimeProvider clock, ILogger<Dispatcher> log)
    : Worker(clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // what other hosts queued, and what was put off
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5); // how long a host that ends waits for answers

    private readonly ConcurrentDictionary<string, EndpointSender> senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> hints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<EndpointSender, Task> running = new();
    private readonly ConcurrentQueue<string> ended = new();
    private readonly Signal wake = new();
    private readonly CancellationTokenSource cutting = new();
    private long lookedAt;
    private long renewedAt;

    /// <summary>Something was queued for these endpoints and is committed.</summary>
    public void Look(IEnumerable<string> endpoints)
    {
        foreach (var id in endpoints) hints[id] = 0;
        wake.Raise();
    }

    public override void Dispose()
    {
        cutting.Dispose();
        base.Dispose();
    }

    protected override TimeSpan Period => Poll < options.Lease.Length / 3 ? Poll : options.Lease.Length / 3;

    protected override Task? Woken() => wake.Next();

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await Renew(ct);
        await LetGo(ct);
        await Begin(await Find(ct), ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.DispatcherFailed(log, failure.GetType().Name, failure);

    /// <summary>Gives the lanes a moment for the answers they wait for, then cuts them.</summary>
    protected override async Task Finish()
    {
        var all = Task.WhenAll(running.Values);
        await Task.WhenAny(all, Task.Delay(LastWords, Clock));
        await cutting.CancelAsync();
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LetGo(CancellationToken.None);
    }

    /// <summary>What was hinted at, and each second whatever is due.</summary>
    private async Task<List<string>> Find(CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in hints.Keys)
        {
            if (hints.TryRemove(id, out _)) found.Add(id);
        }

        if (lookedAt == 0 || Clock.GetElapsedTime(lookedAt) >= Poll)
        {
            lookedAt = Clock.GetTimestamp();
            found.UnionWith(await leases.FindWork(ct));
            await TellChanges(ct);
        }

        return [.. found];
    }

    /// <summary>
    /// Looks for all lanes at once whether their endpoints were changed: hundreds that looked each for itself, all woken by the same
    /// second, held up the rest.
    /// </summary>
    private async Task TellChanges(CancellationToken ct)
    {
        var known = senders.ToArray();
        if (known.Length == 0) return;
        var revisions = await tools.Queue.Revisions(known.Select(l => l.Key).ToList(), ct);
        foreach (var (id, sender) in known) sender.IsAt(revisions.TryGetValue(id, out var revision) ? revision : null);
    }

    private async Task Begin(List<string> found, CancellationToken ct)
    {
        var idle = new List<string>();
        foreach (var id in found)
        {
            if (senders.TryGetValue(id, out var sender)) sender.Ask();
            else idle.Add(id);
        }

        if (idle.Count == 0) return;
        var until = LeaseEnd();
        foreach (var id in await leases.Take(idle, ct))
        {
            var sender = new EndpointSender(id, tools, new SafeHttp(policy, connections, Clock));
            sender.LeaseUntil(until);
            senders[id] = sender;
            running[sender] = Task.Run(() => Run(id, sender, ct), CancellationToken.None);
        }
    }

    private async Task Run(string id, EndpointSender sender, CancellationToken stopping)
    {
        try
        {
            await sender.Run(stopping, cutting.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.EndpointSenderFailed(log, id, e.GetType().Name, e); // what is due is found again in a second
        }
        catch (OperationCanceledException)
        {
            // The host ends.
        }
        finally
        {
            senders.TryRemove(new KeyValuePair<string, EndpointSender>(id, sender));
            running.TryRemove(sender, out _);
            ended.Enqueue(id);
            sender.Dispose();
        }
    }

    /// <summary>Keeps the endpoints whose lanes still run. A lane whose lease was lost stops by itself.</summary>
    private async Task Renew(CancellationToken ct)
    {
        if (senders.IsEmpty || (renewedAt != 0 && Clock.GetElapsedTime(renewedAt) < options.Lease.Length / 3)) return;
        renewedAt = Clock.GetTimestamp();
        var until = LeaseEnd();
        foreach (var id in await leases.Renew(senders.Keys.ToList(), ct))
        {
            if (senders.TryGetValue(id, out var sender)) sender.LeaseUntil(until);
        }
    }

    /// <summary>Those whose lane has begun again in the meantime are kept: its end asks anew.</summary>
    private async Task LetGo(CancellationToken ct)
    {
        var over = new List<string>();
        while (ended.TryDequeue(out var id))
        {
            if (!senders.ContainsKey(id)) over.Add(id);
        }

        if (over.Count > 0) await leases.Release(over, ct);
    }

    /// <summary>Taken before the lease is asked for, so that it ends here before it ends there.</summary>
    private long LeaseEnd() => Clock.GetTimestamp() + (long)(options.Lease.Length.TotalSeconds * Clock.TimestampFrequency);
}

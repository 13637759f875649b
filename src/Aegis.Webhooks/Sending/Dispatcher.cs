using System.Collections.Concurrent;
using Aegis.Kernel.Work;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Starts an <see cref="EndpointSender"/> for each endpoint with due deliveries: at once if this host queued them, else within a second.
/// <see cref="EndpointLeases"/> lets one host at a time send to an endpoint. The sender reads from <see cref="DueQueue"/>, waits for one of
/// the <see cref="AttemptSlots"/>, and makes each attempt with <see cref="Sender"/>. <see cref="OutcomeWriter"/> stores the results in
/// batches; <see cref="EndpointOutcomes"/> stores those that also change the endpoint. Senders are independent, so an endpoint that hangs
/// delays no other. If a host dies, its leases expire and another host sends what was not recorded, possibly a second time.
/// </summary>
internal sealed class Dispatcher(
    EndpointLeases leases, EndpointSenderTools tools, OutboundPolicy policy, OutboundConnections connections, WebhooksOptions options,
    TimeProvider clock, ILogger<Dispatcher> log)
    : Worker(clock)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1); // finds deliveries that other hosts queued, and retries
    private static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(5); // how long a stopping host waits for answers

    private readonly ConcurrentDictionary<string, EndpointSender> senders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> hints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<EndpointSender, Task> running = new();
    private readonly ConcurrentQueue<string> ended = new();
    private readonly Signal wake = new();
    private readonly CancellationTokenSource abort = new();
    private long polledAt;
    private long renewedAt;

    /// <summary>Deliveries for these endpoints were queued and committed.</summary>
    public void Notify(IEnumerable<string> endpoints)
    {
        foreach (var id in endpoints) hints[id] = 0;
        wake.Raise();
    }

    public override void Dispose()
    {
        abort.Dispose();
        base.Dispose();
    }

    protected override TimeSpan Period => Poll < options.Lease.Length / 3 ? Poll : options.Lease.Length / 3;

    protected override Task? Woken() => wake.Next();

    protected override async Task<bool> Work(CancellationToken ct)
    {
        await Renew(ct);
        await ReleaseEnded(ct);
        await Start(await Find(ct), ct);
        return false;
    }

    protected override void Failed(Exception failure) => Log.DispatcherFailed(log, failure.GetType().Name, failure);

    /// <summary>Gives senders five seconds to receive pending answers, then cancels them.</summary>
    protected override async Task Finish()
    {
        var all = Task.WhenAll(running.Values);
        await Task.WhenAny(all, Task.Delay(ShutdownGrace, Clock));
        await abort.CancelAsync();
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReleaseEnded(CancellationToken.None);
    }

    /// <summary>Returns the endpoints that were notified and, once a second, all with due deliveries.</summary>
    private async Task<List<string>> Find(CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in hints.Keys)
        {
            if (hints.TryRemove(id, out _)) found.Add(id);
        }

        if (polledAt == 0 || Clock.GetElapsedTime(polledAt) >= Poll)
        {
            polledAt = Clock.GetTimestamp();
            found.UnionWith(await leases.FindWork(ct));
            await CheckRevisions(ct);
        }

        return [.. found];
    }

    /// <summary>
    /// Checks in one query whether the endpoints of any sender were changed. Hundreds of senders that each ran a query in the same second
    /// delayed all other work.
    /// </summary>
    private async Task CheckRevisions(CancellationToken ct)
    {
        var known = senders.ToArray();
        if (known.Length == 0) return;
        var revisions = await tools.Queue.Revisions(known.Select(k => k.Key).ToList(), ct);
        foreach (var (id, sender) in known) sender.SetRevision(revisions.TryGetValue(id, out var revision) ? revision : null);
    }

    private async Task Start(List<string> found, CancellationToken ct)
    {
        var idle = new List<string>();
        foreach (var id in found)
        {
            if (senders.TryGetValue(id, out var sender)) sender.Notify();
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
            await sender.Run(stopping, abort.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.EndpointSenderFailed(log, id, e.GetType().Name, e); // its due deliveries are found again within a second
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
        finally
        {
            senders.TryRemove(new KeyValuePair<string, EndpointSender>(id, sender));
            running.TryRemove(sender, out _);
            ended.Enqueue(id);
            sender.Dispose();
        }
    }

    /// <summary>Renews the leases of running senders. A sender stops once its lease is lost.</summary>
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

    /// <summary>
    /// Releases the leases of senders that ended. If a new sender for the endpoint already runs, the lease is kept until that one ends.
    /// </summary>
    private async Task ReleaseEnded(CancellationToken ct)
    {
        var released = new List<string>();
        while (ended.TryDequeue(out var id))
        {
            if (!senders.ContainsKey(id)) released.Add(id);
        }

        if (released.Count > 0) await leases.Release(released, ct);
    }

    /// <summary>Call it before requesting the lease, so that the lease expires on this host no later than in the database.</summary>
    private long LeaseEnd() => Clock.GetTimestamp() + (long)(options.Lease.Length.TotalSeconds * Clock.TimestampFrequency);
}

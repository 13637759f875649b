using System.Security.Cryptography;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Sends the due deliveries of one endpoint while this host holds its lease. Each sender has its own connections. It sends more deliveries
/// at once while the endpoint answers, and one at a time after a failure.
/// </summary>
internal sealed class EndpointSender : IDisposable
{
    private const int Page = 64;
    private const int MaxUnrecorded = 256;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5); // keeps connections open between events
    private const int SpreadDivisor = 8; // the next attempt is delayed by at most an eighth of the last attempt's time

    private readonly string endpointId;
    private readonly EndpointSenderTools tools;
    private readonly SafeHttp http;
    private readonly Signal wake = new();
    private readonly Queue<Due> ready = new();
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private readonly Lock guard = new();
    private int notified = 1;
    private int handled;
    private int sending;
    private int concurrency = 1;
    private bool isQuick;
    private TimeSpan lastTook;
    private long validUntil;
    private volatile EndpointTarget? target;
    private volatile bool isStale = true;

    public EndpointSender(string endpointId, EndpointSenderTools tools, SafeHttp http)
    {
        (this.endpointId, this.tools, this.http) = (endpointId, tools, http);
    }

    /// <summary>Deliveries may be due. A sender without a free slot looks after one of its attempts ends.</summary>
    public void Notify()
    {
        Interlocked.Increment(ref notified);
        if (HasSlot) wake.Raise();
    }

    /// <summary>
    /// Sets the endpoint's current revision; null if it was removed. A sender that read another one reads the endpoint again before it
    /// sends more.
    /// </summary>
    public void SetRevision(long? revision)
    {
        if (target is not { } known || known.Revision == revision) return;
        isStale = true;
        wake.Raise();
    }

    /// <summary>Sets the end of the lease as a monotonic timestamp, which a change of the system time cannot move.</summary>
    public void LeaseUntil(long timestamp) => Volatile.Write(ref validUntil, timestamp);

    /// <summary>Sends until nothing is due for a while, the endpoint is disabled or removed, or the lease is lost.</summary>
    /// <param name="stopping">Starts no new attempts.</param>
    /// <param name="ct">Cancels running attempts.</param>
    public async Task Run(CancellationToken stopping, CancellationToken ct)
    {
        try
        {
            await SendAll(stopping, ct);
        }
        finally
        {
            // An answered delivery stays due until its outcome is stored. The lease is kept until then, so that no sender on any host sends
            // it again.
            for (var next = wake.Next(); UnderWay > 0; next = wake.Next())
                await Task.WhenAny(next, Task.Delay(IdleTime, tools.Clock, CancellationToken.None));
        }
    }

    public void Dispose() => http.Dispose();

    private async Task SendAll(CancellationToken stopping, CancellationToken ct)
    {
        var idleSince = tools.Clock.GetTimestamp();
        while (!stopping.IsCancellationRequested && HasLease)
        {
            var next = wake.Next();
            if (await Read(ct) is not { Status: not EndpointStatus.Disabled } current) break;
            if (NeedsMore) await Fill(current, ct);
            BeginReady(current, stopping, ct);
            if (IsBusy) idleSince = tools.Clock.GetTimestamp();
            else if (tools.Clock.GetElapsedTime(idleSince) > IdleTime) break;
            await Task.WhenAny(next, Task.Delay(IdleTime, tools.Clock, stopping));
        }
    }

    private bool HasLease => tools.Clock.GetTimestamp() < Volatile.Read(ref validUntil);

    private int UnderWay
    {
        get
        {
            lock (guard) return underWay.Count;
        }
    }

    private bool IsBusy
    {
        get
        {
            lock (guard) return underWay.Count + ready.Count > 0 || notified != handled;
        }
    }

    /// <summary>While the endpoint answers quickly, the next deliveries are read ahead.</summary>
    private bool HasSlot
    {
        get
        {
            lock (guard) return underWay.Count < MaxUnrecorded && (isQuick || sending < concurrency);
        }
    }

    private bool NeedsMore => ready.Count == 0 && Volatile.Read(ref notified) != handled && HasSlot;

    /// <summary>Reads the endpoint before its due deliveries, so events raised after a change are sent according to the change.</summary>
    private async Task<EndpointTarget?> Read(CancellationToken ct)
    {
        if (!isStale && !NeedsMore) return target;
        var before = target;
        isStale = false; // reset before the read, so a change during the read sets it again
        target = await tools.Queue.Read(endpointId, ct);
        if (before is null) isQuick = !await tools.Queue.IsFailing(endpointId, ct);
        if (before is not null && (before.Status != target?.Status || before.Url != target.Url))
        {
            ready.Clear(); // these were selected for the endpoint's earlier state
            Interlocked.Increment(ref notified);
        }

        return target;
    }

    private async Task Fill(EndpointTarget current, CancellationToken ct)
    {
        var seen = Volatile.Read(ref notified);
        HashSet<string> known;
        lock (guard) known = [.. underWay];

        var due = await tools.Queue.Due(current, Page + known.Count, ct);
        foreach (var one in due.Where(d => !known.Contains(d.Id))) ready.Enqueue(one);
        if (due.Count < Page + known.Count) handled = seen;
    }

    private void BeginReady(EndpointTarget current, CancellationToken stopping, CancellationToken ct)
    {
        while (ready.Count > 0)
        {
            lock (guard)
            {
                if (sending >= concurrency || underWay.Count >= MaxUnrecorded) return;
                sending++;
                underWay.Add(ready.Peek().Id);
            }

            _ = Send(current, ready.Dequeue(), stopping, ct);
        }
    }

    private async Task Send(EndpointTarget current, Due due, CancellationToken stopping, CancellationToken ct)
    {
        try
        {
            var outcome = await Try(current, due, stopping, ct);
            wake.Raise();
            if (outcome is null) return;
            if (EndpointOutcomes.ChangesEndpoint(outcome)) await tools.RecordChange(outcome, current.Url);
            else await tools.Writer.Record(outcome);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Log.AttemptBroke(tools.Log, due.Id, e.GetType().Name, e); // nothing is stored, so the delivery stays due
        }
        catch (OperationCanceledException)
        {
            // The host is stopping; another one sends it.
        }
        finally
        {
            lock (guard) underWay.Remove(due.Id);
            wake.Raise();
        }
    }

    private async Task<Outcome?> Try(EndpointTarget current, Due due, CancellationToken stopping, CancellationToken ct)
    {
        bool quick;
        lock (guard) quick = isQuick;
        try
        {
            if (!quick) await Spread(stopping);
            var (outcome, wasQuick) = await tools.Slots.Run<Outcome?>(
                quick, async () => HasLease && !stopping.IsCancellationRequested
                    ? await tools.Sender.Send(current, due, http, ct)
                    : null, ct);
            if (outcome is null) return null;
            lock (guard)
            {
                lastTook = TimeSpan.FromMilliseconds(outcome.LatencyMs);
                isQuick = outcome.IsSuccess && wasQuick;
                concurrency = outcome.IsSuccess ? Math.Min(concurrency * 2, tools.Options.PerEndpoint) : 1;
            }

            return outcome;
        }
        finally
        {
            lock (guard) sending--;
        }
    }

    /// <summary>
    /// Waits a short random time after a slow attempt. Hundreds of attempts that started together and hang would otherwise time out
    /// together again.
    /// </summary>
    private async Task Spread(CancellationToken stopping)
    {
        TimeSpan took;
        lock (guard) took = lastTook;
        if (took < AttemptSlots.QuickLimit) return;
        var pause = took * (RandomNumberGenerator.GetInt32(1000) / 1000.0 / SpreadDivisor);
        await Task.Delay(pause, tools.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

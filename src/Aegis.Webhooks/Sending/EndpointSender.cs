using System.Security.Cryptography;

namespace Aegis.Webhooks.Sending;

/// <summary>
/// Sends what is due to one endpoint, as long as this host has it. Each lane has its own connections and its own width, which grows while
/// the endpoint answers and falls to one when it does not.
/// </summary>
internal sealed class EndpointSender : IDisposable
{
    private const int Page = 64;
    private const int MaxUnrecorded = 256;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5); // keeps connections open between two events
    private const int PartToSpread = 8; // of the time that an attempt hung

    private readonly string endpointId;
    private readonly EndpointSenderTools tools;
    private readonly SafeHttp http;
    private readonly Signal wake = new();
    private readonly Queue<Due> ready = new();
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private readonly Lock guard = new();
    private int asked = 1;
    private int found;
    private int sending;
    private int width = 1;
    private bool isQuick;
    private TimeSpan lastTook;
    private long validUntil;
    private volatile EndpointTarget? target;
    private volatile bool isStale = true;

    public EndpointSender(string endpointId, EndpointSenderTools tools, SafeHttp http)
    {
        (this.endpointId, this.tools, this.http) = (endpointId, tools, http);
    }

    /// <summary>Something may be due. A lane with no place for it looks when what it sends is over.</summary>
    public void Ask()
    {
        Interlocked.Increment(ref asked);
        if (HasSlot) wake.Raise();
    }

    /// <summary>
    /// The endpoint has this revision now, or is gone: a lane that knows another reads it again before it sends anything more.
    /// </summary>
    public void IsAt(long? revision)
    {
        if (target is not { } known || known.Revision == revision) return;
        isStale = true;
        wake.Raise();
    }

    /// <summary>The lease runs so long, by the clock that cannot be set.</summary>
    public void LeaseUntil(long timestamp) => Volatile.Write(ref validUntil, timestamp);

    /// <summary>Sends until nothing is due for a while, the endpoint may not be sent to, or the lease is lost.</summary>
    /// <param name="stopping">Begins nothing more.</param>
    /// <param name="ct">Breaks off what is under way.</param>
    public async Task Run(CancellationToken stopping, CancellationToken ct)
    {
        try
        {
            await SendAll(stopping, ct);
        }
        finally
        {
            // What was answered and is not recorded yet is due to whoever looks: no lane begins, on no host, before it is.
            for (var next = wake.Next(); UnderWay > 0; next = wake.Next())
                await Task.WhenAny(next, Task.Delay(Linger, tools.Clock, CancellationToken.None));
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
            if (Wants) await Fill(current, ct);
            BeginReady(current, stopping, ct);
            if (IsBusy) idleSince = tools.Clock.GetTimestamp();
            else if (tools.Clock.GetElapsedTime(idleSince) > Linger) break;
            await Task.WhenAny(next, Task.Delay(Linger, tools.Clock, stopping));
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
            lock (guard) return underWay.Count + ready.Count > 0 || asked != found;
        }
    }

    /// <summary>Who answers at once is worth reading ahead for.</summary>
    private bool HasSlot
    {
        get
        {
            lock (guard) return underWay.Count < MaxUnrecorded && (isQuick || sending < width);
        }
    }

    private bool Wants => ready.Count == 0 && Volatile.Read(ref asked) != found && HasSlot;

    /// <summary>
    /// The endpoint as it is now: read before what is due is read, so that what was raised after a change is sent as the change says.
    /// </summary>
    private async Task<EndpointTarget?> Read(CancellationToken ct)
    {
        if (!isStale && !Wants) return target;
        var before = target;
        isStale = false; // before it is read: what changes while it is read makes it stale again
        target = await tools.Queue.Read(endpointId, ct);
        if (before is null) isQuick = !await tools.Queue.IsFailing(endpointId, ct);
        if (before is not null && (before.Status != target?.Status || before.Url != target.Url))
        {
            ready.Clear(); // what is due is another matter now
            Interlocked.Increment(ref asked);
        }

        return target;
    }

    private async Task Fill(EndpointTarget current, CancellationToken ct)
    {
        var seen = Volatile.Read(ref asked);
        HashSet<string> known;
        lock (guard) known = [.. underWay];

        var due = await tools.Queue.Due(current, Page + known.Count, ct);
        foreach (var one in due.Where(d => !known.Contains(d.Id))) ready.Enqueue(one);
        if (due.Count < Page + known.Count) found = seen;
    }

    private void BeginReady(EndpointTarget current, CancellationToken stopping, CancellationToken ct)
    {
        while (ready.Count > 0)
        {
            lock (guard)
            {
                if (sending >= width || underWay.Count >= MaxUnrecorded) return;
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
            if (EndpointOutcomes.Concern(outcome)) await tools.Judge(outcome, current.Url);
            else await tools.Writer.Record(outcome);
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Log.AttemptBroke(tools.Log, due.Id, e.GetType().Name, e); // nothing is recorded, so it is due still
        }
        catch (OperationCanceledException)
        {
            // The host ends; another one sends it.
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
            var (outcome, wasQuick) = await tools.Places.Run<Outcome?>(
                quick, async () => HasLease && !stopping.IsCancellationRequested
                    ? await tools.Sender.Send(current, due, http, ct)
                    : null, ct);
            if (outcome is null) return null;
            lock (guard)
            {
                lastTook = TimeSpan.FromMilliseconds(outcome.LatencyMs);
                isQuick = outcome.IsSuccess && wasQuick;
                width = outcome.IsSuccess ? Math.Min(width * 2, tools.Options.PerEndpoint) : 1;
            }

            return outcome;
        }
        finally
        {
            lock (guard) sending--;
        }
    }

    /// <summary>
    /// Hundreds that began together and hang time out together: the next attempt of each begins a little later, by chance.
    /// </summary>
    private async Task Spread(CancellationToken stopping)
    {
        TimeSpan took;
        lock (guard) took = lastTook;
        if (took < AttemptSlots.Moment) return;
        var pause = took * (RandomNumberGenerator.GetInt32(1000) / 1000.0 / PartToSpread);
        await Task.Delay(pause, tools.Clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

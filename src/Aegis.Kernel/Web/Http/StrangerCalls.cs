using System.Diagnostics.Metrics;

namespace Aegis.Kernel.Web.Http;

/// <summary>
/// Counts refused calls of callers without a valid credential: the metric <c>aegis.strangers.refused</c> by code, and one log line a
/// minute. With a log line per call, anyone could fill the disk. <see cref="MayLog"/> limits the lines for calls that are worth one.
/// </summary>
public sealed class StrangerCalls : PeriodicStore
{
    private const int MaxLines = 5; // per minute: enough to see what fails, too few to fill a disk
    private const int MaxNamed = 10; // codes in the summary

    private readonly ILogger<StrangerCalls> log;
    private readonly Counter<long> refused;
    private readonly Lock guard = new();
    private Dictionary<string, long> counts = []; // by code, so at most as many as docs/errors.md has
    private int lines;
    private long withheld;

    public StrangerCalls(IMeterFactory meters, TimeProvider clock, ILogger<StrangerCalls> log)
        : base(clock)
    {
        this.log = log;
        refused = meters.Create(Telemetry.MeterName).CreateCounter<long>("aegis.strangers.refused");
    }

    protected override TimeSpan Period => TimeSpan.FromMinutes(1);

    /// <summary>Counts a call that was refused before its caller was recognized.</summary>
    /// <param name="code">Code of the refusal, or the status.</param>
    public void Count(string code)
    {
        refused.Add(1, new KeyValuePair<string, object?>("code", code));
        lock (guard) counts[code] = counts.GetValueOrDefault(code) + 1;
    }

    /// <summary>True when this call may be logged: always for a known caller, five times a minute for all other callers together.</summary>
    public bool MayLog(HttpContext context)
    {
        if (context.FindCaller() is not null) return true;
        lock (guard)
        {
            if (lines++ < MaxLines) return true;
            withheld++;
            return false;
        }
    }

    /// <summary>Logs the counts since the last summary, if there are any.</summary>
    internal void Summarize()
    {
        Dictionary<string, long> minute;
        long unwritten;
        lock (guard)
        {
            (minute, counts) = (counts, []);
            (unwritten, withheld, lines) = (withheld, 0, 0);
        }

        if (minute.Count == 0) return;
        var codes = minute.OrderByDescending(c => c.Value).Take(MaxNamed).Select(c => FormattableString.Invariant($"{c.Key} {c.Value}"));
        Log.StrangersRefused(log, minute.Values.Sum(), string.Join(", ", codes), unwritten);
    }

    public override Task Store(CancellationToken ct)
    {
        Summarize();
        return Task.CompletedTask;
    }

    protected override void Failed(Exception failure)
    {
    }
}

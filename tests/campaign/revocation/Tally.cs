using System.Net;

namespace Aegis.Campaign.Revocation;

/// <summary>Adds up the rounds of one part of the campaign.</summary>
internal sealed class Tally(string part)
{
    private readonly List<TimeSpan> waits = [];
    private readonly SortedDictionary<int, long> after = [];
    private int rounds;
    private long calls;
    private long accepted;

    public long Violations { get; private set; }

    /// <param name="seen">All calls of the round.</param>
    /// <param name="answered">The time of the response to the revocation.</param>
    /// <param name="took">How long the revocation took.</param>
    public void Add(IEnumerable<Call> seen, long answered, TimeSpan took)
    {
        rounds++;
        waits.Add(took);
        foreach (var call in seen)
        {
            calls++;
            if (call.Status == HttpStatusCode.OK) accepted++;
            if (call.Sent <= answered) continue;
            after[(int)call.Status] = after.GetValueOrDefault((int)call.Status) + 1;
            if ((int)call.Status < 400) Violations++;
        }
    }

    public override string ToString()
    {
        var sorted = waits.Order().ToList();
        string At(double share) => $"{sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)].TotalMilliseconds:F0} ms";
        return $"{part}: {rounds} rounds, {calls} requests, {accepted} accepted; sent after the response: "
            + string.Join(", ", after.Select(a => $"{a.Value} × {a.Key}"))
            + $"; accepted after the response: {Violations}; revoke took p50 {At(0.5)}, p99 {At(0.99)}, max {At(1)}";
    }
}

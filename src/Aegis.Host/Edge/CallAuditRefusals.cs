using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Work;

namespace Aegis.Host.Edge;

/// <summary>
/// Counts calls that were refused before their caller was recognized, and writes one entry per address and minute for the organization that
/// runs the installation. The counts are in memory, and a crash loses at most the last minute. Otherwise callers without a credential could
/// make the host write to the database with every call.
/// </summary>
internal sealed class CallAuditRefusals(IAuditTrail trail, TimeProvider clock) : PeriodicStore(clock)
{
    /// <summary>The action of these entries.</summary>
    public const string Action = "call.unauthenticated";

    private const int MaxAddresses = 1_000; // per minute; calls of further addresses are counted together
    private const string Others = "others";

    private readonly Lock guard = new();
    private Dictionary<string, int> counts = [];

    protected override TimeSpan Period => TimeSpan.FromMinutes(1);

    public void Count(HttpContext context, int status)
    {
        var guessed = status is StatusCodes.Status404NotFound && Problem.CodeOf(context) is "not_found"; // an unknown content ticket
        if (!guessed && status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)) return;
        Add(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", 1);
    }

    /// <summary>Writes the counts and starts again from zero. Counts that cannot be written are added to the next ones.</summary>
    public override async Task Store(CancellationToken ct)
    {
        Dictionary<string, int> minute;
        lock (guard) (minute, counts) = (counts, []);
        await Task.WhenAll(minute.Select(async counted =>
        {
            try
            {
                await trail.Write(Entry(counted.Key, counted.Value), CancellationToken.None);
            }
            catch (RefusedException)
            {
                Add(counted.Key, counted.Value); // the trail has logged why
            }
        }));
    }

    /// <summary>Does nothing: the trail logs its failures, and the counts are kept.</summary>
    protected override void Failed(Exception failure)
    {
    }

    private void Add(string address, int calls)
    {
        lock (guard)
        {
            var name = counts.Count < MaxAddresses || counts.ContainsKey(address) ? address : Others;
            counts[name] = counts.GetValueOrDefault(name) + calls;
        }
    }

    private AuditFact Entry(string address, int calls)
    {
        var now = Clock.GetUtcNow();
        return new AuditFact(
            Ids.New("log", now), now, AuditFact.Call, Action, null, AuditFact.Refused, "unauthenticated", [Caller.Platform], null,
            new Dictionary<string, JsonElement>
            {
                ["address"] = JsonSerializer.SerializeToElement(address),
                ["calls"] = JsonSerializer.SerializeToElement(calls),
            });
    }
}

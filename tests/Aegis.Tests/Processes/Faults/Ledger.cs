using System.Collections.Concurrent;

namespace Aegis.Tests.Processes.Faults;

/// <summary>The answers that clients received, item by item, and the calls that got no answer.</summary>
internal sealed class Ledger
{
    private int answers;

    public ConcurrentQueue<LedgerItem> Items { get; } = new();

    /// <summary>Descriptions of violated guarantees.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Number of acknowledged writes.</summary>
    public int Answers => answers;

    public LedgerItem Begin()
    {
        var item = new LedgerItem();
        Items.Enqueue(item);
        return item;
    }

    /// <summary>Calls refused as unavailable. Only a fault permits them.</summary>
    public ConcurrentQueue<(string Code, DateTimeOffset At)> Refusals { get; } = new();

    public void Answered() => Interlocked.Increment(ref answers);

    public void Violate(LedgerItem? item, string what) => Violations.Enqueue($"{item?.RequestId} {item?.TransferId} {what}".Trim());
}

/// <summary>One request as its clients know it. A step that was sent but not answered may or may not have happened.</summary>
internal sealed class LedgerItem
{
    /// <summary>The Idempotency-Key of the call that created it.</summary>
    public string Key { get; } = Aegis.Kernel.Identifiers.Ids.New("key", TimeProvider.System.GetUtcNow());

    public string? RequestId { get; set; }

    /// <summary>How the request ended without a study: "cancelled" or "declined". Set once the call was answered.</summary>
    public string? Ended { get; set; }

    public bool EndSent { get; set; }

    public string? TransferId { get; set; }

    public string? Sha256 { get; set; }

    /// <summary>Bytes of content received in all downloads.</summary>
    public long Received { get; set; }

    public bool Acknowledged { get; set; }

    public bool DestroySent { get; set; }

    public bool Destroyed { get; set; }

    /// <summary>True if the whole content was fetched and compared since the last kill.</summary>
    public bool Compared { get; set; }
}

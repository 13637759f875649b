using System.Collections.Concurrent;

namespace Aegis.Tests.Processes.Faults;

/// <summary>What clients were told, item by item, and what they asked without hearing an answer.</summary>
internal sealed class Ledger
{
    private int answers;

    public ConcurrentQueue<LedgerItem> Items { get; } = new();

    /// <summary>What must not have happened, in sentences.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Acknowledged writes.</summary>
    public int Answers => answers;

    public LedgerItem Begin()
    {
        var item = new LedgerItem();
        Items.Enqueue(item);
        return item;
    }

    /// <summary>Calls that were refused as unavailable, which only a fault excuses.</summary>
    public ConcurrentQueue<(string Code, DateTimeOffset At)> Refusals { get; } = new();

    public void Answered() => Interlocked.Increment(ref answers);

    public void Violate(LedgerItem? item, string what) => Violations.Enqueue($"{item?.RequestId} {item?.TransferId} {what}".Trim());
}

/// <summary>One request's life as its clients know it. A step that was sent and not answered may have happened or not.</summary>
internal sealed class LedgerItem
{
    /// <summary>The Idempotency-Key that made it.</summary>
    public string Key { get; } = Aegis.Kernel.Identifiers.Ids.New("key", TimeProvider.System.GetUtcNow());

    public string? RequestId { get; set; }

    /// <summary>How the request was ended without a study: "cancelled" or "declined", once that was answered.</summary>
    public string? Ended { get; set; }

    public bool EndSent { get; set; }

    public string? TransferId { get; set; }

    public string? Sha256 { get; set; }

    /// <summary>Bytes of content that arrived, over all downloads.</summary>
    public long Received { get; set; }

    public bool Acknowledged { get; set; }

    public bool DestroySent { get; set; }

    public bool Destroyed { get; set; }

    /// <summary>Whole content was fetched and compared since the last kill.</summary>
    public bool Compared { get; set; }
}

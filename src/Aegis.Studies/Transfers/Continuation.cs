namespace Aegis.Studies.Transfers;

/// <summary>A download that a view covers and that may be continued, because it is running or was interrupted.</summary>
/// <param name="From">Its first byte in the instances.</param>
/// <param name="Reach">The furthest position that it can have reached.</param>
/// <param name="To">The byte after its last.</param>
/// <param name="Until">The time until which a request may continue it.</param>
internal sealed record Continuation(long From, long Reach, long To, DateTimeOffset Until)
{
    public bool IsOpen(DateTimeOffset now) => now < Until;

    /// <summary>Whether a request for [from, to) continues this download and does not begin another one.</summary>
    public bool Allows(long from, long to, DateTimeOffset now) => IsOpen(now) && From < from && from <= Reach && to <= To;

    /// <summary>Merges two downloads, because clients use several connections, which are interrupted together.</summary>
    public Continuation With(Continuation other) => new(
        Math.Min(From, other.From), Math.Max(Reach, other.Reach), Math.Max(To, other.To), Until > other.Until ? Until : other.Until);
}

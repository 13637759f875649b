namespace Aegis.Studies.Transfers;

/// <summary>A download that a view covers and that may be continued: it runs, or it broke off.</summary>
/// <param name="From">Its first byte in the instances.</param>
/// <param name="Reach">How far it came at most.</param>
/// <param name="To">The byte after its last.</param>
/// <param name="Until">Until when a request may continue it.</param>
internal sealed record Continuation(long From, long Reach, long To, DateTimeOffset Until)
{
    public bool IsOpen(DateTimeOffset now) => now < Until;

    /// <summary>Whether a request for [from, to) goes on where this download was, instead of beginning another.</summary>
    public bool Holds(long from, long to, DateTimeOffset now) => IsOpen(now) && From < from && from <= Reach && to <= To;

    /// <summary>Both as one: clients fetch with several connections, which break off together.</summary>
    public Continuation With(Continuation other) => new(
        Math.Min(From, other.From), Math.Max(Reach, other.Reach), Math.Max(To, other.To), Until > other.Until ? Until : other.Until);
}

using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Metering;

/// <summary>
/// Counts what was served of one transfer. It is a separate row, so that counting streams do not conflict with changes of the transfer.
/// What running or crashed streams may have served in addition is in their leases.
/// </summary>
/// <remarks>
/// How serving is counted: before its first byte, <see cref="StreamLedger"/> stores a <see cref="StreamLease"/> with all that the stream
/// may serve; <see cref="StreamAdmission"/> decides whether a view covers it. <see cref="StreamMeter"/> counts in memory, and the ledger
/// moves its counts into this row every five seconds and at the end. Bytes of <see cref="CountedBytes"/> that no view covers add up to
/// the next view, by the <see cref="ViewRule"/> of the study. <see cref="Settlement"/> waits for running streams before a receipt is
/// compared. If a host dies or the database fails, the lease stays and everything it allowed counts as possibly served.
/// </remarks>
internal sealed class Meter : Entity
{
    /// <summary>More intervals than a normal download makes. It keeps the stored form below 300 KB.</summary>
    public const int MaxIntervals = 16_384;

    public Meter(string id)
        : base(id)
    {
    }

    /// <summary>
    /// The served parts of the instances, as <see cref="IntervalSet"/> stores them. Never more than was served: beyond
    /// <see cref="MaxIntervals"/> the shortest intervals are dropped.
    /// </summary>
    public byte[] ServedIntervals { get; private set; } = [];

    /// <summary>The same, never less than was served: beyond the limit the smallest gaps are closed. Null while both are equal.</summary>
    public byte[]? ServedAtMostIntervals { get; private set; }

    /// <summary>
    /// The numbers of the <see cref="CountedBytes"/> that were sent in requests that no view covers. They count for the next view. Exact; a
    /// counted view empties it.
    /// </summary>
    public byte[]? UncoveredIntervals { get; private set; }

    /// <summary>Bytes of instances that were served at least once.</summary>
    public long Served { get; private set; }

    /// <summary>All bytes handed to the network, including repeated bytes and framing.</summary>
    public long Egress { get; private set; }

    /// <summary>The upper bound of <see cref="Served"/>, fixed when the destruction is completed.</summary>
    public long? ServedAtMost { get; private set; }

    /// <summary>The upper bound of <see cref="Egress"/>, fixed when the destruction is completed.</summary>
    public long? EgressAtMost { get; private set; }

    /// <summary>The counted bytes, by number, that count for the next view.</summary>
    public IntervalSet Uncovered() => IntervalSet.FromBytes(UncoveredIntervals);

    /// <summary>Adds the part [from, to) of the instances that a stream has served, and the bytes it sent in total.</summary>
    public void Add(long from, long to, long egress)
    {
        AddServed(from, to);
        Egress += egress;
        if (EgressAtMost < Egress) EgressAtMost = Egress;
        if (ServedAtMost < Served) ServedAtMost = Served;
    }

    /// <summary>Stores the counted bytes that count for the next view.</summary>
    public void SetUncovered(IntervalSet uncovered) => UncoveredIntervals = uncovered.Total == 0 ? null : uncovered.ToBytes();

    /// <summary>The upper bounds: what the meter has counted, plus everything that unsettled leases allow.</summary>
    public (long Served, long Egress) AtMost(IReadOnlyCollection<StreamLease> unsettled)
    {
        if (ServedAtMost is { } served && EgressAtMost is { } egress) return (served, egress);

        var all = AtMostSet();
        foreach (var lease in unsettled) all.Add(lease.From, lease.To);
        return (all.Total, Egress + unsettled.Sum(l => l.Unflushed));
    }

    /// <summary>Fixes the upper bounds. The leases are no longer needed.</summary>
    public void Close(IReadOnlyCollection<StreamLease> unsettled) => (ServedAtMost, EgressAtMost) = AtMost(unsettled);

    private void AddServed(long from, long to)
    {
        if (from == to) return;
        var served = IntervalSet.FromBytes(ServedIntervals);
        served.Add(from, to);
        if (ServedAtMostIntervals is not null || served.Intervals.Count > MaxIntervals)
        {
            var atMost = AtMostSet();
            atMost.Add(from, to);
            atMost.CloseSmallestGaps(MaxIntervals);
            ServedAtMostIntervals = atMost.ToBytes();
        }

        served.DropSmallest(MaxIntervals);
        ServedIntervals = served.ToBytes();
        Served = served.Total;
    }

    private IntervalSet AtMostSet()
    {
        var all = IntervalSet.FromBytes(ServedIntervals);
        all.Union(IntervalSet.FromBytes(ServedAtMostIntervals)); // null is empty
        return all;
    }
}

internal sealed class MeterMap : IEntityTypeConfiguration<Meter>
{
    private const int LengthIn010 = 18_432; // from release 0.1.0; no database enforces it, and a change would rebuild the table

    public void Configure(EntityTypeBuilder<Meter> e)
    {
        e.ToTable("meters");
        e.Property(x => x.ServedIntervals).HasMaxLength(LengthIn010);
    }
}

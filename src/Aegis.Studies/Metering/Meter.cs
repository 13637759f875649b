using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Metering;

/// <summary>
/// What was served of one transfer. A row of its own, so that streams which count do not fight with the transfer's changes.
/// What running or crashed streams may have served beyond it is in their leases.
/// </summary>
internal sealed class Meter : Entity
{
    /// <summary>More intervals than a client that downloads makes; it keeps the stored form below 300 KB.</summary>
    public const int MaxIntervals = 16_384;

    public Meter(string id)
        : base(id)
    {
    }

    /// <summary>
    /// The served parts of the instances, as <see cref="IntervalSet"/> stores them: never more than was served. Beyond
    /// <see cref="MaxIntervals"/> the shortest are forgotten.
    /// </summary>
    public byte[] ServedIntervals { get; private set; } = [];

    /// <summary>The same, never less than was served: beyond the limit the smallest gaps are closed. Null while both are one set.</summary>
    public byte[]? ServedAtMostIntervals { get; private set; }

    /// <summary>
    /// What counts for the next view: the bytes of <see cref="CountedBytes"/> that went out in requests that no view covers, by their
    /// number there. Exact; a counted view empties it.
    /// </summary>
    public byte[]? UncoveredIntervals { get; private set; }

    /// <summary>Bytes of instances that were served at least once.</summary>
    public long Served { get; private set; }

    /// <summary>All bytes handed to the network, repeated ones and framing too.</summary>
    public long Egress { get; private set; }

    /// <summary>The upper bounds of both, fixed when the destruction was completed.</summary>
    public long? ServedAtMost { get; private set; }

    public long? EgressAtMost { get; private set; }

    /// <summary>What counts for the next view.</summary>
    public IntervalSet Uncovered() => IntervalSet.FromBytes(UncoveredIntervals);

    /// <summary>Adds the part [from, to) of the instances that a stream has served, and all its bytes.</summary>
    public void Add(long from, long to, long egress)
    {
        AddServed(from, to);
        Egress += egress;
        if (EgressAtMost < Egress) EgressAtMost = Egress;
        if (ServedAtMost < Served) ServedAtMost = Served;
    }

    /// <summary>Stores what counts for the next view.</summary>
    public void Keep(IntervalSet uncovered) => UncoveredIntervals = uncovered.Total == 0 ? null : uncovered.ToBytes();

    /// <summary>What was served at most: the meter, and all that unsettled leases allow.</summary>
    public (long Served, long Egress) AtMost(IReadOnlyCollection<StreamLease> unsettled)
    {
        if (ServedAtMost is { } served && EgressAtMost is { } egress) return (served, egress);

        var all = AtMostSet();
        foreach (var lease in unsettled) all.Add(lease.From, lease.To);
        return (all.Total, Egress + unsettled.Sum(l => l.Unflushed));
    }

    /// <summary>Fixes the upper bounds; the leases are not needed any more.</summary>
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

        served.ForgetSmallest(MaxIntervals);
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
    private const int LengthIn010 = 18_432; // said by release 0.1.0; no database enforces it, and a change would rebuild the table

    public void Configure(EntityTypeBuilder<Meter> e)
    {
        e.ToTable("meters");
        e.Property(x => x.ServedIntervals).HasMaxLength(LengthIn010);
    }
}

using Aegis.Kernel.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Metering;

/// <summary>
/// What was served of one transfer. A row of its own, so that streams which count do not fight with the transfer's changes.
/// What running or crashed streams may have served beyond it stands in their leases.
/// </summary>
internal sealed class Meter : Entity
{
    private Meter()
    {
    }

    public Meter(string transferId)
        : base(transferId)
    {
    }

    /// <summary>The served parts of the instances, as <see cref="IntervalSet"/> stores them.</summary>
    public byte[] ServedIntervals { get; private set; } = [];

    /// <summary>Bytes of instances that were served at least once.</summary>
    public long Served { get; private set; }

    /// <summary>All bytes handed to the network, repeated ones and framing too.</summary>
    public long Egress { get; private set; }

    /// <summary>The upper bounds of both, fixed when the destruction was completed.</summary>
    public long? ServedAtMost { get; private set; }

    public long? EgressAtMost { get; private set; }

    public IntervalSet Intervals() => IntervalSet.FromBytes(ServedIntervals);

    /// <summary>Adds what a stream has served.</summary>
    public void Add(IntervalSet served, long egress)
    {
        var all = Intervals();
        all.Union(served);
        ServedIntervals = all.ToBytes();
        Served = all.Total;
        Egress += egress;
        if (EgressAtMost < Egress) EgressAtMost = Egress;
        if (ServedAtMost < Served) ServedAtMost = Served;
    }

    /// <summary>What was served at most: the meter, and all that unsettled leases allow.</summary>
    public (long Served, long Egress) AtMost(IReadOnlyCollection<StreamLease> unsettled)
    {
        if (ServedAtMost is { } served && EgressAtMost is { } egress)
            return (served, egress);

        var all = Intervals();
        foreach (var lease in unsettled) all.Add(lease.From, lease.To);
        return (all.Total, Egress + unsettled.Sum(l => l.Unflushed));
    }

    /// <summary>Fixes the upper bounds; the leases are not needed any more.</summary>
    public void Close(IReadOnlyCollection<StreamLease> unsettled) => (ServedAtMost, EgressAtMost) = AtMost(unsettled);
}

internal sealed class MeterMap : IEntityTypeConfiguration<Meter>
{
    public void Configure(EntityTypeBuilder<Meter> e)
    {
        e.ToTable("meters").HasKey(x => x.Id);
        e.Property(x => x.ServedIntervals).HasMaxLength(IntervalSet.MaxBytes);
    }
}

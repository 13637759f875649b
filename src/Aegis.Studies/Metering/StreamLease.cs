using Aegis.Kernel.Identifiers;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Metering;

/// <summary>
/// What one stream may serve. It is stored before the first byte and removed when the stream is settled. After a crash it stays,
/// and everything that it allowed counts as possibly served.
/// </summary>
internal sealed class StreamLease : Entity
{
    /// <summary>A stream renews its lease well within this time. After it, the host is considered dead.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private StreamLease()
    {
    }

    public StreamLease(string transferId, long from, long to, long egress, DateTimeOffset now, bool continues = false)
        : base(Ids.New("lse", now))
    {
        TransferId = transferId;
        From = from;
        To = to;
        Granted = egress;
        RequestedAt = now;
        ExpiresAt = now + Lifetime;
        Continues = continues;
    }

    public string TransferId { get; private set; } = "";

    /// <summary>First byte of the instances that the stream may serve.</summary>
    public long From { get; private set; }

    /// <summary>The byte after the last.</summary>
    public long To { get; private set; }

    /// <summary>Bytes that may go to the network.</summary>
    public long Granted { get; private set; }

    /// <summary>The part of <see cref="Granted"/> that the meter has already counted.</summary>
    public long Flushed { get; private set; }

    /// <summary>When the stream was requested, which decides whether a view covers it. Null in rows of release 0.1.0.</summary>
    public DateTimeOffset? RequestedAt { get; private set; }

    /// <summary>It continues a download of an earlier view, which covers it.</summary>
    public bool Continues { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public long Unflushed => Math.Max(0, Granted - Flushed);

    /// <summary>
    /// The lease as a download that may be continued. A running one may be, because its client may have noticed a broken connection before
    /// the host did. After the host died, it may be continued for as long as after any other interruption.
    /// </summary>
    public Continuation ToContinuation() => new(From, To, To, ExpiresAt + Transfer.ViewCoverage);

    /// <summary>Records that the meter counted these bytes, and renews the lease.</summary>
    public void Renew(long egress, DateTimeOffset now)
    {
        Flushed += egress;
        ExpiresAt = now + Lifetime;
    }
}

internal sealed class StreamLeaseMap : IEntityTypeConfiguration<StreamLease>
{
    public void Configure(EntityTypeBuilder<StreamLease> e)
    {
        e.ToTable("stream_leases");
        e.Ignore(x => x.Unflushed);
        e.HasIndex(x => x.TransferId);
    }
}

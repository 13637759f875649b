using Aegis.Kernel.Identifiers;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Metering;

/// <summary>
/// What one stream may serve, stored before its first byte and removed when it is settled. After a crash it stays,
/// and all that it allowed counts as possibly served.
/// </summary>
internal sealed class StreamLease : Entity
{
    /// <summary>A stream renews its lease well within this time; afterwards its host is taken for dead.</summary>
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

    /// <summary>Bytes of them that the meter has.</summary>
    public long Flushed { get; private set; }

    /// <summary>When the stream was asked for: a view covers it if it is of that time. Null in rows of release 0.1.0.</summary>
    public DateTimeOffset? RequestedAt { get; private set; }

    /// <summary>It goes on with a download of an earlier view, and is covered by that.</summary>
    public bool Continues { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public long Unflushed => Math.Max(0, Granted - Flushed);

    /// <summary>
    /// As a download that may be continued: while it runs, since its client may have noticed first that the connection broke; and when its
    /// host died, for as long as after any other break.
    /// </summary>
    public Continuation ToContinuation() => new(From, To, To, ExpiresAt + Transfer.ViewCoverage);

    /// <summary>The meter took these bytes; the stream goes on.</summary>
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

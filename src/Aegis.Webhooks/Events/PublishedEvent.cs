namespace Aegis.Webhooks.Events;

/// <summary>Something that happened, as one of its parties is told. Its sequence is its place among all of that organization.</summary>
internal sealed class PublishedEvent
{
    public required string OrganizationId { get; init; }

    /// <summary>1 is the first. Given in the order of commits: whoever sees one has seen all before it.</summary>
    public required long Sequence { get; init; }

    /// <summary>evt_….</summary>
    public required string EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The member <c>data</c> of its body, as JSON text.</summary>
    public required string Data { get; init; }
}

/// <summary>
/// How many events an organization has. Whoever publishes counts in the same transaction, so that two hosts cannot give one place twice or
/// in the wrong order.
/// </summary>
internal sealed class EventCount
{
    public required string OrganizationId { get; init; }

    public long Last { get; set; }
}

/// <summary>How many events of one object an organization was told of.</summary>
internal sealed class ObjectCount
{
    public required string OrganizationId { get; init; }

    public required string ObjectId { get; init; }

    public long Last { get; set; }
}

internal sealed class PublishedEventMap : IEntityTypeConfiguration<PublishedEvent>
{
    public const int DataLength = 16_000;

    public void Configure(EntityTypeBuilder<PublishedEvent> e)
    {
        e.ToTable("events").HasKey(x => new { x.OrganizationId, x.Sequence });
        e.Property(x => x.Type).HasMaxLength(Deliveries.DeliveryMap.TypeLength);
        e.Property(x => x.Data).HasMaxLength(DataLength);
        e.HasIndex(x => new { x.OrganizationId, x.At });
    }
}

internal sealed class EventCountMap : IEntityTypeConfiguration<EventCount>
{
    public void Configure(EntityTypeBuilder<EventCount> e)
    {
        e.ToTable("event_counts").HasKey(x => x.OrganizationId);
        e.Property(x => x.Last).IsConcurrencyToken();
    }
}

internal sealed class ObjectCountMap : IEntityTypeConfiguration<ObjectCount>
{
    public void Configure(EntityTypeBuilder<ObjectCount> e)
    {
        e.ToTable("object_counts").HasKey(x => new { x.OrganizationId, x.ObjectId });
        e.Property(x => x.Last).IsConcurrencyToken();
    }
}

namespace Aegis.Webhooks.Events;

/// <summary>An event as one of its organizations receives it.</summary>
internal sealed class PublishedEvent
{
    public required string OrganizationId { get; init; }

    /// <summary>
    /// Starts at 1 in each organization and follows the commit order: a reader that sees one number has seen all lower ones.
    /// </summary>
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
/// Number of the last event of an organization. It is updated in the transaction that publishes, so two hosts cannot use one number twice
/// or commit numbers out of order.
/// </summary>
internal sealed class EventCount
{
    public required string OrganizationId { get; init; }

    public long Last { get; set; }
}

/// <summary>Number of the last event of one object that an organization received.</summary>
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

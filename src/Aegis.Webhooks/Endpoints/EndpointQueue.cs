namespace Aegis.Webhooks.Endpoints;

/// <summary>
/// Which host sends to an endpoint, and how the endpoint does. It changes with what is sent, so it stands apart from the endpoint, whose
/// revision its owner relies on.
/// </summary>
internal sealed class EndpointQueue
{
    public const int NoWarning = 0;

    public required string EndpointId { get; init; }

    /// <summary>The host that has it, or had it last.</summary>
    public string? Holder { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Since when there was nothing but failure; null while it answers.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? LastFailureAt { get; set; }

    /// <summary>The error word of the last failure.</summary>
    public string? LastError { get; set; }

    /// <summary>The day of failing that its owner was warned of last.</summary>
    public int WarnedDay { get; set; }
}

internal sealed class EndpointQueueMap : IEntityTypeConfiguration<EndpointQueue>
{
    public void Configure(EntityTypeBuilder<EndpointQueue> e)
    {
        e.ToTable("lanes").HasKey(x => x.EndpointId);
        e.Property(x => x.Holder).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.LastError).HasMaxLength(Deliveries.DeliveryMap.ErrorLength);
        e.Property(x => x.WarnedDay).IsConcurrencyToken(); // two hosts warn once
        e.Property(x => x.FailingSince).IsConcurrencyToken(); // and not of what is over
        e.HasIndex(x => x.FailingSince);
    }
}

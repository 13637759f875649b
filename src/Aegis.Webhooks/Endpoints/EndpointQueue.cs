namespace Aegis.Webhooks.Endpoints;

/// <summary>
/// Which host sends to an endpoint, and whether the endpoint answers. Every attempt changes it. It has its own row so that attempts do not
/// change the endpoint's revision, which owners send in If-Match.
/// </summary>
internal sealed class EndpointQueue
{
    public const int NoWarning = 0;

    public required string EndpointId { get; init; }

    /// <summary>The host that holds the lease, or held it last.</summary>
    public string? Holder { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Since when every attempt failed; null while the endpoint answers.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public DateTimeOffset? LastFailureAt { get; set; }

    /// <summary>Code of the last failure.</summary>
    public string? LastError { get; set; }

    /// <summary>The last day of failure (1, 3 or 5) that the owner was warned about.</summary>
    public int WarnedDay { get; set; }
}

internal sealed class EndpointQueueMap : IEntityTypeConfiguration<EndpointQueue>
{
    public void Configure(EntityTypeBuilder<EndpointQueue> e)
    {
        e.ToTable("lanes").HasKey(x => x.EndpointId);
        e.Property(x => x.Holder).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.LastError).HasMaxLength(Deliveries.DeliveryMap.ErrorLength);
        e.Property(x => x.WarnedDay).IsConcurrencyToken(); // only one of two hosts may warn
        e.Property(x => x.FailingSince).IsConcurrencyToken(); // and none may warn after the endpoint answered
        e.HasIndex(x => x.FailingSince);
    }
}

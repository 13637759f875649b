namespace Aegis.Webhooks.Deliveries;

/// <summary>One attempt to deliver, and its result.</summary>
internal sealed class Attempt
{
    public required string DeliveryId { get; init; }

    /// <summary>1 is the first.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int LatencyMs { get; init; }

    /// <summary>HTTP status of the answer; null if there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Code of the failure; null if the attempt succeeded.</summary>
    public string? Error { get; init; }

    /// <summary>The start of the answer's body. Kept only if the receiver has a public address.</summary>
    public string? Excerpt { get; init; }
}

internal sealed class AttemptMap : IEntityTypeConfiguration<Attempt>
{
    public const int ExcerptLength = 500;

    public void Configure(EntityTypeBuilder<Attempt> e)
    {
        e.ToTable("attempts").HasKey(x => new { x.DeliveryId, x.Number });
        e.Property(x => x.Error).HasMaxLength(DeliveryMap.ErrorLength);
        e.Property(x => x.Excerpt).HasMaxLength(ExcerptLength);
    }
}

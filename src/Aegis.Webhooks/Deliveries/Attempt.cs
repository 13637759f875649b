namespace Aegis.Webhooks.Deliveries;

/// <summary>One try to deliver, and what came of it.</summary>
internal sealed class Attempt
{
    public required string DeliveryId { get; init; }

    /// <summary>1 is the first.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int LatencyMs { get; init; }

    /// <summary>HTTP status, or null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why it failed: a stable word; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>The beginning of the answer's body, when the receiver is at a public address.</summary>
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

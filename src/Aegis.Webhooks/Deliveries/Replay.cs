namespace Aegis.Webhooks.Deliveries;

/// <summary>Result of one call that replays many deliveries. A repeat of the call gets the same answer.</summary>
internal sealed class Replay
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Number of deliveries that the call queued.</summary>
    public required int Queued { get; init; }

    /// <summary>Cursor for the next call; null if nothing is left.</summary>
    public string? NextCursor { get; init; }
}

internal sealed class ReplayMap : IEntityTypeConfiguration<Replay>
{
    private const int CursorLength = 100; // a number of at most 20 digits, encoded

    public void Configure(EntityTypeBuilder<Replay> e)
    {
        e.ToTable("replays");
        e.Property(x => x.NextCursor).HasMaxLength(CursorLength);
    }
}

namespace Aegis.Webhooks.Deliveries;

/// <summary>What came of one call for many deliveries again, so that a repeat of the call is told the same.</summary>
internal sealed class Replay
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>Deliveries that were due then.</summary>
    public required int Queued { get; init; }

    /// <summary>Where the next call goes on, or null.</summary>
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

using Aegis.Kernel.Identifiers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Audit.Sequencing;

/// <summary>
/// The one row that orders the log: who sequences, since which epoch, and the next free sequence.
/// Each batch moves it from exactly the state its writer knows, so a sequencer that was paused and replaced can write nothing.
/// </summary>
internal sealed class LogHead
{
    public const string OnlyId = "log";

    /// <summary>The holder after an orderly stop.</summary>
    public const string Nobody = "";

    public string Id { get; private set; } = OnlyId;

    public string Holder { get; private set; } = Nobody;

    public long Epoch { get; private set; }

    public long Next { get; private set; }
}

internal sealed class LogHeadMap : IEntityTypeConfiguration<LogHead>
{
    public void Configure(EntityTypeBuilder<LogHead> e)
    {
        e.ToTable("head").HasKey(x => x.Id);
        e.Property(x => x.Id).HasMaxLength(Ids.MaxLength);
        e.Property(x => x.Holder).HasMaxLength(Ids.MaxLength);
    }
}

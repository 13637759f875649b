using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Transfers;

internal sealed class TransferMap : IEntityTypeConfiguration<Transfer>
{
    private const int DigestLength = 64; // SHA-256 in hex

    public void Configure(EntityTypeBuilder<Transfer> e)
    {
        e.ToTable("transfers");
        e.Ignore(x => x.Window);
        e.OwnsOne(x => x.Study, s =>
        {
            s.Property(x => x.FileName).HasMaxLength(100);
            s.Property(x => x.Sha256).HasMaxLength(DigestLength);
            s.Property(x => x.DeclaredSha256).HasMaxLength(DigestLength);
            s.Property(x => x.InstancesSha256).HasMaxLength(DigestLength);
            s.Ignore(x => x.InstancesBytes);
            s.HasIndex(x => x.KeyDay);
        });
        e.Navigation(x => x.Study).IsRequired();
        e.OwnsOne(x => x.Receipt, r =>
        {
            r.Property(x => x.Sha256).HasMaxLength(DigestLength);
            r.Property(x => x.AuditEntry).HasMaxLength(Ids.MaxLength);
        });
        e.OwnsOne(x => x.Continuation);
        e.OwnsOne(x => x.Destruction, d =>
        {
            d.Property(x => x.AuditEntry).HasMaxLength(Ids.MaxLength);
        });
        e.OwnsMany(x => x.Disputes, d =>
        {
            d.ToTable("disputes").WithOwner().HasForeignKey("TransferId");
            d.HasKey("TransferId", nameof(Dispute.Number));
        });
        e.HasOne(x => x.Key).WithOne().HasForeignKey<StudyKey>(k => k.TransferId);
        e.HasOne(x => x.Meter).WithOne().HasForeignKey<Meter>(m => m.Id);

        e.HasIndex(x => x.RequestId).IsUnique();
        e.HasIndex(x => new { x.ConsumerId, x.Status, x.Id }); // the inbox
        e.HasIndex(x => new { x.ProviderId, x.Id });
        e.HasIndex(x => new { x.Status, x.WindowEnd });
        e.HasIndex(x => x.DestructionDueAt);
        e.HasIndex(x => x.ReviewDueAt);
    }
}

internal sealed class StudyKeyMap : IEntityTypeConfiguration<StudyKey>
{
    private const int SealedKeyLength = 200;

    public void Configure(EntityTypeBuilder<StudyKey> e)
    {
        e.ToTable("study_keys").HasKey(x => x.TransferId);
        e.Property(x => x.SealedFileKey).HasMaxLength(SealedKeyLength);
        e.Property(x => x.SealedMetadata).IsSealed(StudyKey.Metadata);
    }
}

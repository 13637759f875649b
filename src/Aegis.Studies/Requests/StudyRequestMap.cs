using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Studies.Requests;

internal sealed class StudyRequestMap : IEntityTypeConfiguration<StudyRequest>
{
    private const int DigestLength = 64;

    public void Configure(EntityTypeBuilder<StudyRequest> e)
    {
        e.ToTable("requests");
        e.Property(x => x.PatientFingerprint).HasMaxLength(DigestLength);
        e.Property(x => x.PatientPseudonym).HasMaxLength(DigestLength);
        e.Property(x => x.ShiftKey).HasMaxLength(DigestLength);
        e.Property(x => x.SealedDetails).IsSealed(RequestSeal.Details);
        e.Property(x => x.SealedNote).IsSealed(RequestSeal.Note);
        e.Property(x => x.LeaseOwner).HasMaxLength(DigestLength);
        e.Ignore(x => x.TransferId);
        e.OwnsOne(x => x.Result, r =>
        {
            r.Property(x => x.DeclaredSha256).HasMaxLength(DigestLength);
            r.Property(x => x.Sha256).HasMaxLength(DigestLength);
            r.Property(x => x.Warnings).HasMaxLength(1000);
            r.Property(x => x.InstancesSha256).HasMaxLength(DigestLength);
        });

        // In this order: the lists of both parties, the expiry job, and the shredding job.
        e.HasIndex(x => new { x.ConsumerId, x.Status, x.Id });
        e.HasIndex(x => new { x.ProviderId, x.Status, x.Id });
        e.HasIndex(x => new { x.ConsumerId, x.Id });
        e.HasIndex(x => new { x.ProviderId, x.Id });
        e.HasIndex(x => new { x.Status, x.ExpiresAt });
        e.HasIndex(x => x.ShredAt);

        // To find the key by which the dates of a patient were shifted before.
        e.HasIndex(x => new { x.ProviderId, x.ConsumerId, x.PatientPseudonym, x.Id });
        e.HasIndex(x => new { x.ProviderId, x.ConsumerId, x.PatientFingerprint, x.Id });
    }
}

using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Credentials;

internal sealed class CredentialMap : IEntityTypeConfiguration<Credential>
{
    public const int NameLength = 100;
    public const int TypeLength = 50;
    public const int ProviderLength = 40;
    public const int DescriptionLength = 1000;
    public const int ProviderIdLength = 100;
    public const int TagsLength = 4000;
    public const int JsonLength = 16_000;
    public const int CodeLength = 100;
    public const int CronLength = 120;

    public void Configure(EntityTypeBuilder<Credential> e)
    {
        e.ToTable("credentials");
        e.Property(x => x.Name).HasMaxLength(NameLength);
        e.Property(x => x.CredentialType).HasMaxLength(TypeLength);
        e.Property(x => x.Provider).HasMaxLength(ProviderLength);
        e.Property(x => x.Description).HasMaxLength(DescriptionLength);
        e.Property(x => x.ProviderCredentialId).HasMaxLength(ProviderIdLength);
        e.Property(x => x.Tags).HasMaxLength(TagsLength);
        e.Property(x => x.Metadata).HasMaxLength(JsonLength);
        e.Property(x => x.Config).HasMaxLength(JsonLength);
        e.Property(x => x.SealedConfig).IsSealed(CredentialSeal.Config);
        e.Property(x => x.HealthCode).HasMaxLength(CodeLength);
        e.Property(x => x.AttentionCode).HasMaxLength(CodeLength);
        e.Property(x => x.RotationCron).HasMaxLength(CronLength);
        e.Ignore(x => x.Facts);
        e.Ignore(x => x.IsBarred);

        // A name belongs to one credential for ever. The others are for the lists in the order of names, unfiltered and by filter.
        e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.Name });
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.Provider, x.Name });
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.CredentialType, x.Name });
        e.HasIndex(x => new { x.OrganizationId, x.ProviderCredentialId });

        // For counts and warnings of credentials that expire soon or have expired.
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.IsFailed, x.ExpiresAt });
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.IsFailed, x.AlertsAt });
        e.HasIndex(x => new { x.IsRetired, x.WarnedAt, x.AlertsAt });
        e.HasIndex(x => new { x.IsRetired, x.EndedAt, x.ExpiresAt });

        // For retired credentials whose values are to be destroyed.
        e.HasIndex(x => new { x.IsRetired, x.ValuesDestroyedAt, x.RetiredAt });

        // For the count of healthy credentials.
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.IsFailed, x.Health, x.ExpiresAt, x.AlertsAt });

        // For tests: the least recently tested first.
        e.HasIndex(x => new { x.OrganizationId, x.IsRetired, x.LastCheckedAt, x.Id });

        // For due rotations: by organization for the schedule, of all organizations for the job.
        e.HasIndex(x => new { x.NextRotationAt, x.Id });
        e.HasIndex(x => new { x.OrganizationId, x.NextRotationAt });
    }
}

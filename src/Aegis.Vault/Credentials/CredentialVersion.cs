using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Credentials;

/// <summary>Where a version came from; <see cref="Rollback"/> once an old one was made current again.</summary>
internal enum VersionReason { Initial, Rotation, Manual, Rollback }

/// <summary>One value a credential has or had. Only its reason, its end and its leak ever change, until the value is destroyed.</summary>
internal sealed class CredentialVersion
{
    public required string CredentialId { get; init; }

    /// <summary>1 or more.</summary>
    public required int Version { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>The value, sealed for this very row; null once it was destroyed, long after the credential was retired.</summary>
    public required byte[]? SealedValue { get; init; }

    /// <summary>
    /// The key of the ring that the value is sealed under, so that a rotation of the ring finds what is left; null without a value.
    /// </summary>
    public required string? KekId { get; init; }

    /// <summary>Keyed digest of the value, by which a leaked copy is recognized without opening anything.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What the provider calls this value, or null.</summary>
    public string? Handle { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required VersionReason Reason { get; set; }

    /// <summary>The caller's words, or null.</summary>
    public string? Note { get; set; }

    /// <summary>Since when the provider lets this value in no more, as far as Aegis ended it; null while it may.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When somebody first reported that the value was found where it should not be; null when nobody did.</summary>
    public DateTimeOffset? LeakedAt { get; set; }
}

internal sealed class CredentialVersionMap : IEntityTypeConfiguration<CredentialVersion>
{
    public const int FingerprintLength = 64;
    public const int HandleLength = 200;
    public const int NoteLength = 200;

    public void Configure(EntityTypeBuilder<CredentialVersion> e)
    {
        e.ToTable("credential_versions").HasKey(x => new { x.CredentialId, x.Version });
        e.Property(x => x.SealedValue)
            .IsSealed(CredentialSeal.Value, nameof(CredentialVersion.CredentialId), nameof(CredentialVersion.Version),
                nameof(CredentialVersion.KekId));
        e.Property(x => x.Fingerprint).HasMaxLength(FingerprintLength);
        e.Property(x => x.Handle).HasMaxLength(HandleLength);
        e.Property(x => x.Note).HasMaxLength(NoteLength);

        // Leak search.
        e.HasIndex(x => new { x.OrganizationId, x.Fingerprint });

        // What is sealed under an older key.
        e.HasIndex(x => x.KekId);
    }
}

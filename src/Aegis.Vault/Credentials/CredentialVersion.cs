using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Credentials;

/// <summary>Where a version came from. It becomes <see cref="Rollback"/> when an old version is made current again.</summary>
internal enum VersionReason { Initial, Rotation, Manual, Rollback }

/// <summary>
/// One present or past value of a credential. Only its reason, its end and its leak can change, until the value is destroyed.
/// </summary>
internal sealed class CredentialVersion
{
    public required string CredentialId { get; init; }

    /// <summary>1 or more.</summary>
    public required int Version { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>The value, sealed for this row; null after it was destroyed, long after the credential was retired.</summary>
    public required byte[]? SealedValue { get; init; }

    /// <summary>
    /// The id of the key-ring key that seals the value. The rewrapping after a key rotation finds the remaining rows by it. Null without a
    /// value.
    /// </summary>
    public required string? KekId { get; init; }

    /// <summary>Keyed digest of the value. It identifies a leaked copy without opening any value.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What the provider calls this value, or null.</summary>
    public string? Handle { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required VersionReason Reason { get; set; }

    /// <summary>The caller's note, or null.</summary>
    public string? Note { get; set; }

    /// <summary>When Aegis ended this value at the provider; null while it may still work there.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the value was first reported as leaked; null when it never was.</summary>
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

        // For the leak search.
        e.HasIndex(x => new { x.OrganizationId, x.Fingerprint });

        // For the rows that are sealed under an older key.
        e.HasIndex(x => x.KekId);
    }
}

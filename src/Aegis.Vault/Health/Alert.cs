using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Health;

internal enum AlertType { Expiring, Expired, RotationFailed, Unhealthy, CannotRotate }

/// <summary>A problem of a credential that a person should see, until it is solved.</summary>
internal sealed class Alert
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    public required string CredentialId { get; init; }

    public required AlertType Type { get; init; }

    /// <summary>A code, or null.</summary>
    public string? Code { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AlertMap : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> e)
    {
        e.ToTable("alerts");
        e.Property(x => x.Code).HasMaxLength(Credentials.CredentialMap.CodeLength);
        e.HasIndex(x => new { x.OrganizationId, x.CreatedAt });

        // At most one of each type for a credential.
        e.HasIndex(x => new { x.CredentialId, x.Type }).IsUnique();
    }
}

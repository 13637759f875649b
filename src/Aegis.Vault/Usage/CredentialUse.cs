using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Usage;

/// <summary>
/// The uses of one credential in one minute, as one batch counted them. Rows are only inserted, so uses do not wait for each other. A job
/// later joins the rows of a minute.
/// </summary>
internal sealed class CredentialUse
{
    public required string Id { get; init; }

    public required string CredentialId { get; init; }

    /// <summary>Start of the minute.</summary>
    public required DateTimeOffset Minute { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required long Uses { get; init; }

    /// <summary>True when the rows of the minute are joined into this one.</summary>
    public required bool IsJoined { get; init; }
}

/// <summary>The uses of one credential that are older than a week.</summary>
internal sealed class CredentialUseTotal
{
    public required string CredentialId { get; init; }

    public required long Uses { get; init; }

    public required DateTimeOffset LastAt { get; init; }
}

internal sealed class CredentialUseMap : IEntityTypeConfiguration<CredentialUse>
{
    public void Configure(EntityTypeBuilder<CredentialUse> e)
    {
        e.ToTable("credential_uses");
        // For the sums of one credential, and for the rows that are to be joined or added to the total.
        e.HasIndex(x => new { x.CredentialId, x.Minute, x.Uses, x.LastAt });
        e.HasIndex(x => new { x.IsJoined, x.Minute });
    }
}

internal sealed class CredentialUseTotalMap : IEntityTypeConfiguration<CredentialUseTotal>
{
    public void Configure(EntityTypeBuilder<CredentialUseTotal> e)
    {
        e.ToTable("credential_use_totals").HasKey(x => x.CredentialId);
    }
}

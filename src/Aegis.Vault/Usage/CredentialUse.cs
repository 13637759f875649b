using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Usage;

/// <summary>
/// Uses of one credential within one minute, as one batch counted them. Rows are only inserted, so no use waits for another;
/// a job joins those of a minute later on.
/// </summary>
internal sealed class CredentialUse
{
    public required string Id { get; init; }

    public required string CredentialId { get; init; }

    /// <summary>Begin of the minute.</summary>
    public required DateTimeOffset Minute { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required long Uses { get; init; }

    /// <summary>True when it is the minute's only row and stays so.</summary>
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
        // The sums of one credential, and what is to be joined or counted into the total.
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

using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Credentials;

/// <summary>
/// The number of credentials of an organization that are not retired. It is updated with each change, because counting a million rows takes
/// too long.
/// </summary>
internal sealed class CredentialTotal
{
    public required string OrganizationId { get; init; }

    public required int InUse { get; init; }
}

internal sealed class CredentialTotalMap : IEntityTypeConfiguration<CredentialTotal>
{
    public void Configure(EntityTypeBuilder<CredentialTotal> e)
    {
        e.ToTable("credential_totals").HasKey(x => x.OrganizationId);
    }
}

/// <summary>Updates the total in the transaction of the change.</summary>
internal static class Counting
{
    /// <summary>Adds to the organization's count. Call it inside a transaction, after the save.</summary>
    public static async Task Count(this VaultDb db, string organizationId, int by, CancellationToken ct)
    {
        var counted = await db.Totals.Where(t => t.OrganizationId == organizationId)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.InUse, x => x.InUse + by), ct);
        if (counted > 0) return;
        db.Totals.Add(new CredentialTotal { OrganizationId = organizationId, InUse = by });
        await db.SaveChangesAsync(ct);
    }
}

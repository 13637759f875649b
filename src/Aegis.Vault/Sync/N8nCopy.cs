using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Sync;

/// <summary>A credential of n8n as it was in the last comparison, and the vault's credential that it belongs to.</summary>
internal sealed class N8nCopy : Entity
{
    private N8nCopy(string id, string organizationId, string providerCredentialId)
        : base(id)
    {
        OrganizationId = organizationId;
        ProviderCredentialId = providerCredentialId;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>n8n's id. Only the id is unique there.</summary>
    public string ProviderCredentialId { get; private set; } = "";

    public string CredentialId { get; private set; } = "";

    /// <summary>Its name in n8n; null when n8n never listed it.</summary>
    public string? Name { get; private set; }

    /// <summary>Its type in n8n; null when n8n never listed it.</summary>
    public string? Type { get; private set; }

    /// <summary>When n8n first no longer listed it; null while it does.</summary>
    public DateTimeOffset? MissingSince { get; private set; }

    public static N8nCopy Begin(string id, string organizationId, string providerCredentialId) =>
        new(id, organizationId, providerCredentialId);

    /// <summary>Records what n8n lists now.</summary>
    public void MarkListed(string credentialId, N8nCredential listed) =>
        (CredentialId, Name, Type, MissingSince) = (credentialId, listed.Name, listed.Type, null);

    /// <summary>Records that n8n no longer lists it.</summary>
    public void MarkMissing(string credentialId, DateTimeOffset now) => (CredentialId, MissingSince) = (credentialId, MissingSince ?? now);
}

internal sealed class N8nCopyMap : IEntityTypeConfiguration<N8nCopy>
{
    private const int TextLength = 500;

    public void Configure(EntityTypeBuilder<N8nCopy> e)
    {
        e.ToTable("n8n_copies");
        e.Property(x => x.ProviderCredentialId).HasMaxLength(CredentialMap.ProviderIdLength);
        e.Property(x => x.Name).HasMaxLength(TextLength);
        e.Property(x => x.Type).HasMaxLength(TextLength);
        e.HasIndex(x => new { x.OrganizationId, x.ProviderCredentialId }).IsUnique(); // of two comparisons at once, one imports it
        e.HasIndex(x => new { x.OrganizationId, x.Id });
    }
}

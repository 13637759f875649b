using Aegis.Kernel.Sealing.Rewrapping;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Aegis.Vault.Connections;

/// <summary>
/// How an organization reaches one system with many of its credentials, such as n8n or a Supabase account.
/// <see cref="ConnectionsController"/> shows and removes connections and changes them through <see cref="ConnectionChanges"/>, which checks
/// and seals the settings. <see cref="ConnectionKinds"/> lists the kinds that the providers use. <see cref="ConnectionStore"/> opens the
/// settings for calls to providers; a call without a connection is refused with <c>connection_missing</c>.
/// </summary>
internal sealed class Connection : Entity
{
    private Connection(string id, string organizationId, string kind)
        : base(id)
    {
        OrganizationId = organizationId;
        Kind = kind;
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary><c>n8n</c>, <c>supabase</c>….</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The settings without the secret members, as JSON text.</summary>
    public string Config { get; private set; } = "{}";

    public byte[]? SealedConfig { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static Connection Create(string id, string organizationId, string kind, DateTimeOffset now) =>
        new(id, organizationId, kind) { CreatedAt = now };

    /// <summary>Sets new settings.</summary>
    public void Take(string config, byte[]? sealedConfig, DateTimeOffset now)
    {
        Config = config;
        SealedConfig = sealedConfig;
        UpdatedAt = now;
        Raise(new Contracts.Vault.ConnectionChanged(Id, Kind, [OrganizationId]));
    }

    /// <summary>Raises the event of its removal; the caller deletes it in the same save.</summary>
    public void Remove() => Raise(new Contracts.Vault.ConnectionRemoved(Id, Kind, [OrganizationId]));
}

internal sealed class ConnectionMap : IEntityTypeConfiguration<Connection>
{
    public const int KindLength = 40;

    public void Configure(EntityTypeBuilder<Connection> e)
    {
        e.ToTable("connections");
        e.Property(x => x.Kind).HasMaxLength(KindLength);
        e.Property(x => x.Config).HasMaxLength(Credentials.CredentialMap.JsonLength);
        e.Property(x => x.SealedConfig).IsSealed(CredentialSeal.Config);
        e.HasIndex(x => new { x.OrganizationId, x.Kind }).IsUnique();
    }
}

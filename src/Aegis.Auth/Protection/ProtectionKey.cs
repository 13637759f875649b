using Aegis.Kernel.Sealing.Rewrapping;

namespace Aegis.Auth.Protection;

/// <summary>A key of ASP.NET Data Protection, which protects cookies and forms. It is written once and never changed.</summary>
internal sealed class ProtectionKey
{
    private ProtectionKey()
    {
    }

    public string Id { get; private set; } = "";

    /// <summary>The XML that Data Protection writes, sealed.</summary>
    public byte[] SealedXml { get; private set; } = [];

    public DateTimeOffset CreatedAt { get; private set; }

    public static ProtectionKey Keep(string id, byte[] sealedXml, DateTimeOffset now) =>
        new() { Id = id, SealedXml = sealedXml, CreatedAt = now };

    public static SealedFor Subject(string id) => new("protection_keys", id);
}

internal sealed class ProtectionKeyMap : IEntityTypeConfiguration<ProtectionKey>
{
    public void Configure(EntityTypeBuilder<ProtectionKey> e)
    {
        e.ToTable("protection_keys");
        e.Property(x => x.SealedXml).HasMaxLength(8000).IsSealed(ProtectionKey.Subject); // about 1,000 characters of XML
    }
}
